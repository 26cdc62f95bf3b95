using System.Text;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>Answers the requests by which a client says who it is, in SASL's mechanism PLAIN. One thread at a time.</summary>
internal sealed class Sasl(UserFile users, Caller caller, GatewayCounters counters)
{
    private bool _isStarted;

    /// <summary>Answers one.</summary>
    /// <param name="request">One of the three.</param>
    /// <param name="message">Its value.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <returns>Whether the client is who it says; <see cref="BinaryStatus.AuthenticationContinues"/> if it has not said.</returns>
    public BinaryStatus Answer(in BinaryRequest request, ReadOnlySpan<byte> message, OutputBuffer output)
    {
        if (request.Command == BinaryOpcode.SaslMechanisms)
        {
            BinaryAnswers.WriteDone(request, SaslPlain.Name, output);
            return BinaryStatus.AuthenticationContinues;
        }

        BinaryStatus status = Check(request, message);
        if (status == BinaryStatus.Success)
        {
            BinaryAnswers.WriteDone(request, "Authenticated"u8, output);
        }
        else
        {
            BinaryAnswers.WriteError(request, status, output);
        }

        counters.AuthCommands += status == BinaryStatus.AuthenticationContinues ? 0 : 1;
        counters.AuthErrors += status == BinaryStatus.AuthenticationFailure ? 1 : 0;
        return status;
    }

    // A client may begin without a message, and then says it in a step of its own.
    private BinaryStatus Check(in BinaryRequest request, ReadOnlySpan<byte> message)
    {
        bool begins = request.Command == BinaryOpcode.SaslAuthenticate;
        bool isPlain = begins ? Ascii.EqualsIgnoreCase(request.Key, SaslPlain.Name) : _isStarted;
        _isStarted = begins && isPlain && message.IsEmpty;
        if (_isStarted)
        {
            return BinaryStatus.AuthenticationContinues;
        }

        if (!isPlain || !SaslPlain.TryRead(message, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> password)
            || !users.Contains(user, password))
        {
            return BinaryStatus.AuthenticationFailure;
        }

        caller.Become(user);
        return BinaryStatus.Success;
    }
}
