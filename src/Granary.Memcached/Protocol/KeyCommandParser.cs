using System.Buffers;

namespace Granary.Memcached.Protocol;

/// <summary>Reads the arguments of the commands about one key that carry no data: incr, decr, touch, delete.</summary>
internal static class KeyCommandParser
{
    // incr|decr <key> <delta> [noreply]\r\n
    public static OperationStatus ReadArithmetic(Verb verb, ReadOnlySpan<byte> arguments, out Command command)
    {
        if (!TryReadTwo(arguments, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> deltaText, out bool noReply))
        {
            return Reject.Line(out command, verb, ProtocolError.BadLineFormat);
        }

        if (key.Length > ProtocolLimits.MaxKeyLength)
        {
            return Reject.Line(out command, verb, ProtocolError.BadLineFormat, noReply);
        }

        if (!AsciiNumber.TryParseUInt64(deltaText, out ulong delta))
        {
            return Reject.Line(out command, verb, ProtocolError.InvalidDelta, noReply);
        }

        command = new Command { Verb = verb, Key = key, Number = delta, NoReply = noReply };
        return OperationStatus.Done;
    }

    // touch <key> <exptime> [noreply]\r\n
    public static OperationStatus ReadTouch(ReadOnlySpan<byte> arguments, out Command command)
    {
        if (!TryReadTwo(arguments, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> expiration, out bool noReply))
        {
            return Reject.Line(out command, Verb.Touch, ProtocolError.BadLineFormat);
        }

        if (key.Length > ProtocolLimits.MaxKeyLength)
        {
            return Reject.Line(out command, Verb.Touch, ProtocolError.BadLineFormat, noReply);
        }

        if (!AsciiNumber.TryParseInt64(expiration, out long expirationSeconds))
        {
            return Reject.Line(out command, Verb.Touch, ProtocolError.InvalidExpiration, noReply);
        }

        command = new Command
        {
            Verb = Verb.Touch,
            Key = key,
            ExpirationSeconds = expirationSeconds,
            NoReply = noReply,
        };
        return OperationStatus.Done;
    }

    // delete <key> [0] [noreply]\r\n
    // The 0 was a time once, and old PHP clients still send it. Any other word is an error, unlike in 1.6.45, because
    // memcapable wants it so.
    public static OperationStatus ReadDelete(ReadOnlySpan<byte> arguments, out Command command)
    {
        TokenReader tokens = new(arguments);
        if (!tokens.TryRead(out ReadOnlySpan<byte> key))
        {
            return Reject.Line(out command, Verb.Delete, ProtocolError.BadLineFormat);
        }

        bool noReply = tokens.EndsWithNoReply;
        if (key.Length > ProtocolLimits.MaxKeyLength)
        {
            return Reject.Line(out command, Verb.Delete, ProtocolError.BadLineFormat, noReply);
        }

        bool hasWord = tokens.TryRead(out ReadOnlySpan<byte> word);
        if (hasWord && word.SequenceEqual("0"u8))
        {
            hasWord = tokens.TryRead(out word);
        }

        bool isNoReplyLast = noReply && tokens.Rest.IsEmpty && word.SequenceEqual("noreply"u8);
        if (hasWord && !isNoReplyLast)
        {
            return Reject.Line(out command, Verb.Delete, ProtocolError.BadDeleteFormat, noReply);
        }

        command = new Command { Verb = Verb.Delete, Key = key, NoReply = noReply };
        return OperationStatus.Done;
    }

    // noreply counts as soon as there are two arguments, even where it stands in the number's place.
    private static bool TryReadTwo(
        ReadOnlySpan<byte> arguments, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> number, out bool noReply)
    {
        TokenReader tokens = new(arguments);
        bool hasKey = tokens.TryRead(out key);
        noReply = tokens.EndsWithNoReply;
        return tokens.TryRead(out number) && hasKey;
    }
}
