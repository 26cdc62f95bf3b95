using System.Buffers;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>
/// A text connection's conversation until its client has said who it is. One thread at a time.
/// </summary>
/// <remarks>
/// The answers are memcached's, and like there a failure does not end the connection. Each line has its answer, where
/// memcached 1.6.18 leaves out all but the last if several arrive together.
/// </remarks>
internal sealed class Authentication(UserFile users, Caller caller, GatewayCounters counters) : IAuthentication
{
    // The data block that is on its way, its CR LF included.
    private int _blockLength;
    private int _swallow;

    /// <inheritdoc/>
    public SessionStatus Process(ReadOnlySpan<byte> input, OutputBuffer output, int enoughBytes, out int consumed)
    {
        consumed = 0;
        while (output.Length < enoughBytes)
        {
            ReadOnlySpan<byte> rest = input[consumed..];
            if (_swallow > 0)
            {
                int swallowed = Math.Min(_swallow, rest.Length);
                _swallow -= swallowed;
                consumed += swallowed;
                if (_swallow > 0)
                {
                    return SessionStatus.NeedInput;
                }
            }
            else if (_blockLength > 0)
            {
                if (rest.Length < _blockLength)
                {
                    return SessionStatus.NeedInput;
                }

                ReadOnlySpan<byte> block = rest[.._blockLength];
                consumed += _blockLength;
                _blockLength = 0;
                if (IsRight(block, output))
                {
                    return SessionStatus.Continue;
                }
            }
            else
            {
                SessionStatus status = ReadLine(rest, output, out int used);
                consumed += used;
                if (status != SessionStatus.Continue)
                {
                    return status;
                }
            }
        }

        return SessionStatus.OutputFull;
    }

    private SessionStatus ReadLine(ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
        switch (AuthenticationParser.TryReadLine(input, out Command command, out used))
        {
            case OperationStatus.NeedMoreData:
                return SessionStatus.NeedInput;

            case OperationStatus.InvalidData:
                counters.ProtocolErrors++;
                output.Write(Reply.For(command.Error));
                _swallow = command.SwallowBytes;
                return command.Close ? SessionStatus.Close : SessionStatus.Continue;

            default:
                _blockLength = command.ValueLength + Reply.LineEnd.Length;
                return SessionStatus.Continue;
        }
    }

    private bool IsRight(ReadOnlySpan<byte> block, OutputBuffer output)
    {
        ProtocolError error = AuthenticationParser.ReadToken(
            block, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> password);
        if (error != ProtocolError.None)
        {
            counters.ProtocolErrors++;
            output.Write(Reply.For(error));
            return false;
        }

        counters.AuthCommands++;
        bool isRight = users.Contains(user, password);
        if (isRight)
        {
            caller.Become(user);
        }

        counters.AuthErrors += isRight ? 0 : 1;
        output.Write(isRight ? Reply.Stored : Reply.AuthenticationFailure);
        return isRight;
    }
}
