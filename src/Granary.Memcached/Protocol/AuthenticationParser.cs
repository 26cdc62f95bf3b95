using System.Buffers;

namespace Granary.Memcached.Protocol;

/// <summary>
/// Reads what a client may send before it has authenticated, as memcached's <c>-Y</c> has it. Pure; safe on any thread.
/// </summary>
internal static class AuthenticationParser
{
    // set <any key> <any> <any> <bytes> [anything]\r\n
    // <user> <password>\r\n
    //
    // Key, flags and time mean nothing, and noreply neither: a client that is told nothing would never know.
    public static OperationStatus TryReadLine(ReadOnlySpan<byte> buffer, out Command command, out int consumed)
    {
        int length = buffer.IndexOf((byte)'\n');
        if (length < 0)
        {
            if (buffer.Length > ProtocolLimits.MaxUnfinishedLineLength)
            {
                consumed = buffer.Length;
                return Reject.Connection(out command, ProtocolError.None);
            }

            command = default;
            consumed = 0;
            return OperationStatus.NeedMoreData;
        }

        consumed = length + 1;
        ReadOnlySpan<byte> line = buffer[..length];
        TokenReader tokens = new(line.EndsWith((byte)'\r') ? line[..^1] : line);
        if (!tokens.TryRead(out ReadOnlySpan<byte> name)
            || !name.SequenceEqual("set"u8)
            || !tokens.TryRead(out _)
            || !tokens.TryRead(out _)
            || !tokens.TryRead(out _)
            || !tokens.TryRead(out ReadOnlySpan<byte> lengthText)
            || !AsciiNumber.TryParseUInt32(lengthText, out uint tokenLength)
            || tokenLength > ProtocolLimits.MaxValueLength)
        {
            return Reject.Line(out command, Verb.None, ProtocolError.Unauthenticated);
        }

        if (tokenLength > ProtocolLimits.MaxAuthenticationTokenLength)
        {
            int swallowBytes = (int)tokenLength + Reply.LineEnd.Length;
            return Reject.Line(
                out command, Verb.Set, ProtocolError.AuthenticationTokenTooLong, swallowBytes: swallowBytes);
        }

        command = new Command { Verb = Verb.Set, ValueLength = (int)tokenLength };
        return OperationStatus.Done;
    }

    /// <summary>Reads the data block.</summary>
    /// <param name="block">The token and the two bytes behind it, which should be CR LF.</param>
    /// <param name="user">Its first word.</param>
    /// <param name="password">Its second word; what follows is ignored.</param>
    /// <returns><see cref="ProtocolError.None"/>, or what to answer.</returns>
    public static ProtocolError ReadToken(
        ReadOnlySpan<byte> block, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> password)
    {
        user = default;
        password = default;
        if (!block.EndsWith(Reply.LineEnd))
        {
            return ProtocolError.BadLineTermination;
        }

        TokenReader words = new(block[..^Reply.LineEnd.Length]);
        return words.TryRead(out user) && words.TryRead(out password)
            ? ProtocolError.None
            : ProtocolError.BadAuthenticationToken;
    }
}
