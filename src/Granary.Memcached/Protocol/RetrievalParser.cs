using System.Buffers;

namespace Granary.Memcached.Protocol;

/// <summary>Reads the arguments of get, gets, gat and gats.</summary>
internal static class RetrievalParser
{
    // get|gets <key>+\r\n
    // There is no noreply here: it would be one more key.
    public static OperationStatus ReadGet(Verb verb, ReadOnlySpan<byte> arguments, out Command command) =>
        ReadKeys(verb, 0, arguments.Trim((byte)' '), out command);

    // gat|gats <exptime> <key>+\r\n
    public static OperationStatus ReadGetAndTouch(Verb verb, ReadOnlySpan<byte> arguments, out Command command)
    {
        TokenReader tokens = new(arguments);
        if (!tokens.TryRead(out ReadOnlySpan<byte> expiration) || tokens.Rest.IsEmpty)
        {
            return Reject.Line(out command, verb, ProtocolError.BadLineFormat);
        }

        return AsciiNumber.TryParseInt64(expiration, out long expirationSeconds)
            ? ReadKeys(verb, expirationSeconds, tokens.Rest, out command)
            : Reject.Line(out command, verb, ProtocolError.InvalidExpiration);
    }

    // All keys are checked before the first is looked up, so that one bad key leaves nothing but an error line.
    private static OperationStatus ReadKeys(
        Verb verb, long expirationSeconds, ReadOnlySpan<byte> keys, out Command command)
    {
        int space = keys.IndexOf((byte)' ');
        ReadOnlySpan<byte> first = space < 0 ? keys : keys[..space];
        if (first.IsEmpty || first.Length > ProtocolLimits.MaxKeyLength)
        {
            return Reject.Line(out command, verb, ProtocolError.BadLineFormat);
        }

        TokenReader others = new(keys[first.Length..]);
        while (others.TryRead(out ReadOnlySpan<byte> key))
        {
            if (key.Length > ProtocolLimits.MaxKeyLength)
            {
                return Reject.Line(out command, verb, ProtocolError.BadLineFormat);
            }
        }

        command = new Command
        {
            Verb = verb,
            Key = first,
            Arguments = keys,
            ExpirationSeconds = expirationSeconds,
        };
        return OperationStatus.Done;
    }
}
