using System.Globalization;
using System.Text;

namespace Granary.ClusterTests.Checking.Callers;

/// <summary>Reads the answer to one command of memcached's text protocol.</summary>
internal static class MemcachedReply
{
    private const int MaxLineBytes = 2048; // longer ones are garbage, not a line whose end is still to come

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    private static ReadOnlySpan<byte> AfterValue => "\r\nEND\r\n"u8;

    /// <param name="received">All that has come since the command.</param>
    /// <param name="reply">Holds a part of <paramref name="received"/>, not a copy.</param>
    /// <returns><see langword="false"/> while more must come.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> received, out Reply reply)
    {
        reply = default;
        int end = received.Span.IndexOf(LineEnd);
        if (end < 0)
        {
            reply = received.Length > MaxLineBytes ? Unexpected(received.Span) : default;
            return reply.Answer != Answer.None;
        }

        ReadOnlySpan<byte> line = received.Span[..end];
        int next = end + LineEnd.Length;
        if (line.StartsWith("VALUE "u8))
        {
            return TryParseValue(received, next, out reply);
        }

        reply = received.Length == next ? OfLine(line) : Unexpected(received.Span);
        return true;
    }

    // VALUE <key> <flags> <bytes> <cas>\r\n<data>\r\nEND\r\n
    private static bool TryParseValue(ReadOnlyMemory<byte> received, int start, out Reply reply)
    {
        ReadOnlySpan<byte> line = received.Span[..(start - LineEnd.Length)];
        if (!TryParseHeader(line, out uint flags, out int length, out ulong cas))
        {
            reply = Unexpected(line);
            return true;
        }

        reply = default;
        int end = start + length;
        if (received.Length < end + AfterValue.Length)
        {
            return false;
        }

        reply = received.Span[end..].SequenceEqual(AfterValue)
            ? new Reply(Answer.Done, received[start..end], flags, cas)
            : Unexpected(received.Span[end..]);
        return true;
    }

    private static bool TryParseHeader(ReadOnlySpan<byte> line, out uint flags, out int length, out ulong cas)
    {
        (flags, length, cas) = (0, 0, 0);
        int part = 0;
        foreach (Range range in line.Split((byte)' '))
        {
            ReadOnlySpan<byte> word = line[range];
            bool isRight = part++ switch
            {
                0 or 1 => true,
                2 => TryParse(word, out flags),
                3 => TryParse(word, out length) && length >= 0,
                4 => TryParse(word, out cas),
                _ => false,
            };
            if (!isRight)
            {
                return false;
            }
        }

        return part == 5;
    }

    private static Reply OfLine(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("STORED"u8) || line.SequenceEqual("DELETED"u8) || line.SequenceEqual("TOUCHED"u8))
        {
            return Reply.Done();
        }

        if (line.SequenceEqual("END"u8) || line.SequenceEqual("NOT_STORED"u8) || line.SequenceEqual("NOT_FOUND"u8))
        {
            return Reply.NotDone();
        }

        if (line.SequenceEqual("EXISTS"u8))
        {
            return new Reply(Answer.Conflict);
        }

        if (TryParse(line, out ulong number))
        {
            return new Reply(Answer.Done, Number: number);
        }

        return line.StartsWith("SERVER_ERROR "u8) ? OfServerError(Encoding.Latin1.GetString(line)) : Unexpected(line);
    }

    // Of all SERVER_ERRORs only this one leaves open what has happened.
    private static Reply OfServerError(string line) => line.Contains("outcome unknown", StringComparison.Ordinal)
        ? Reply.Unknown(ErrorKind.ServerError, line)
        : Reply.Refused(ErrorKind.ServerError, line);

    private static Reply Unexpected(ReadOnlySpan<byte> bytes) => Reply.Unknown(
        ErrorKind.Unexpected,
        $"The server answered '{Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 200)])}'.");

    private static bool TryParse<T>(ReadOnlySpan<byte> digits, out T number)
        where T : struct, IUtf8SpanParsable<T> =>
        T.TryParse(digits, CultureInfo.InvariantCulture, out number);
}
