using System.Buffers;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>
/// A binary connection's conversation until its client has said who it is: SASL and version, all else closes it, as in
/// memcached. One thread at a time.
/// </summary>
internal sealed class BinaryAuthentication(UserFile users, Caller caller, GatewayCounters counters) : IAuthentication
{
    private readonly Sasl _sasl = new(users, caller, counters);

    /// <inheritdoc/>
    public SessionStatus Process(ReadOnlySpan<byte> input, OutputBuffer output, int enoughBytes, out int consumed)
    {
        consumed = 0;
        while (output.Length < enoughBytes)
        {
            SessionStatus status = Read(input[consumed..], output, out int used, out bool isAuthenticated);
            consumed += used;
            if (isAuthenticated || status != SessionStatus.Continue)
            {
                return status;
            }
        }

        return SessionStatus.OutputFull;
    }

    private SessionStatus Read(ReadOnlySpan<byte> input, OutputBuffer output, out int used, out bool isAuthenticated)
    {
        isAuthenticated = false;
        switch (BinaryParser.TryRead(input, out BinaryRequest request, out used))
        {
            case OperationStatus.NeedMoreData:
                return SessionStatus.NeedInput;

            case OperationStatus.Done when request.Command == BinaryOpcode.Version:
                BinaryAnswers.WriteDone(request, ServerVersion.Bytes, output);
                return SessionStatus.Continue;

            case OperationStatus.Done when IsSasl(request.Command):
                if (!BinaryParser.TryReadValue(input, request, ref used, out ReadOnlySpan<byte> message))
                {
                    return SessionStatus.NeedInput;
                }

                isAuthenticated = _sasl.Answer(request, message, output) == BinaryStatus.Success;
                return SessionStatus.Continue;

            default:
                Refuse(request, output);
                return SessionStatus.Close;
        }
    }

    private void Refuse(in BinaryRequest request, OutputBuffer output)
    {
        counters.ProtocolErrors++;
        bool isNoRequest = request.Closes && request.Error == BinaryStatus.Success;
        if (!isNoRequest)
        {
            bool mayBe = !request.Header.IsPossible || request.Command == BinaryOpcode.Version || IsSasl(request.Command);
            BinaryAnswers.WriteError(
                request, mayBe ? request.Error : BinaryStatus.AuthenticationFailure, output);
        }
    }

    private static bool IsSasl(BinaryOpcode command) =>
        command is >= BinaryOpcode.SaslMechanisms and <= BinaryOpcode.SaslStep;
}
