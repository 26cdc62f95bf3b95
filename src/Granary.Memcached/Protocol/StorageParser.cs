using System.Buffers;

namespace Granary.Memcached.Protocol;

/// <summary>Reads the arguments of set, add, replace, append, prepend and cas.</summary>
internal static class StorageParser
{
    // A data block ends with CR LF, which its announced length does not count.
    private const int DataLineEndLength = 2;

    // set|add|replace|append|prepend <key> <flags> <exptime> <bytes> [noreply]\r\n
    // cas <key> <flags> <exptime> <bytes> <cas> [noreply]\r\n
    //
    // The length comes first: until it is good nobody knows where the next command begins, so the error is always
    // answered and nothing is swallowed. Once it is good, any other error swallows the data and obeys noreply.
    public static OperationStatus Read(Verb verb, ReadOnlySpan<byte> arguments, out Command command)
    {
        TokenReader tokens = new(arguments);
        if (!tokens.TryRead(out ReadOnlySpan<byte> key)
            || !tokens.TryRead(out ReadOnlySpan<byte> flagsText)
            || !tokens.TryRead(out ReadOnlySpan<byte> expirationText)
            || !tokens.TryRead(out ReadOnlySpan<byte> lengthText)
            || !AsciiNumber.TryParseUInt32(lengthText, out uint valueLength)
            || valueLength > ProtocolLimits.MaxValueLength)
        {
            return Reject.Line(out command, verb, ProtocolError.BadLineFormat);
        }

        bool noReply = tokens.EndsWithNoReply;
        ulong cas = 0;
        if (key.Length > ProtocolLimits.MaxKeyLength
            || !AsciiNumber.TryParseUInt32(flagsText, out uint flags)
            || !AsciiNumber.TryParseInt64(expirationText, out long expirationSeconds)
            || (verb == Verb.Cas && !TryReadCas(ref tokens, out cas)))
        {
            int swallowBytes = (int)valueLength + DataLineEndLength;
            return Reject.Line(out command, verb, ProtocolError.BadLineFormat, noReply, swallowBytes);
        }

        command = new Command
        {
            Verb = verb,
            Key = key,
            Flags = flags,
            ExpirationSeconds = expirationSeconds,
            ValueLength = (int)valueLength,
            Number = cas,
            NoReply = noReply,
        };
        return OperationStatus.Done;
    }

    private static bool TryReadCas(ref TokenReader tokens, out ulong cas)
    {
        tokens.TryRead(out ReadOnlySpan<byte> text);
        return AsciiNumber.TryParseUInt64(text, out cas);
    }
}
