using System.Buffers.Text;
using System.Diagnostics;

namespace Granary.Memcached.Protocol;

/// <summary>Writes the reply lines that carry something: the header of a hit, and a number.</summary>
internal static class ReplyWriter
{
    /// <summary>Longest header of a hit: "VALUE ", key, flags of 10 digits, length of 10, cas of 20, three spaces,
    /// CR LF. Bytes.</summary>
    public const int MaxValueHeaderLength = 6 + ProtocolLimits.MaxKeyLength + 10 + 10 + 20 + 3 + 2;

    /// <summary>Longest line of one number: 20 digits and CR LF. Bytes.</summary>
    public const int MaxNumberLineLength = 20 + 2;

    // VALUE <key> <flags> <bytes>\r\n
    /// <summary>Writes the line before the data of a hit of get or gat.</summary>
    /// <param name="destination"><see cref="MaxValueHeaderLength"/> always fits.</param>
    /// <param name="key">As the client sent it.</param>
    /// <param name="flags">The client flags stored with the value.</param>
    /// <param name="valueLength">Bytes of the data, its CR LF not counted.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int WriteValueHeader(Span<byte> destination, ReadOnlySpan<byte> key, uint flags, int valueLength)
    {
        int length = WriteHead(destination, key, flags, valueLength);
        return Append(destination, length, "\r\n"u8);
    }

    // VALUE <key> <flags> <bytes> <cas>\r\n
    /// <summary>Writes the line before the data of a hit of gets or gats.</summary>
    /// <param name="destination"><see cref="MaxValueHeaderLength"/> always fits.</param>
    /// <param name="key">As the client sent it.</param>
    /// <param name="flags">The client flags stored with the value.</param>
    /// <param name="valueLength">Bytes of the data, its CR LF not counted.</param>
    /// <param name="cas">The cas unique of the value.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int WriteValueHeader(
        Span<byte> destination, ReadOnlySpan<byte> key, uint flags, int valueLength, ulong cas)
    {
        int length = WriteHead(destination, key, flags, valueLength);
        length = Append(destination, length, " "u8);
        length = Append(destination, length, cas);
        return Append(destination, length, "\r\n"u8);
    }

    // <number>\r\n
    /// <summary>Writes the answer of incr and decr: the new number, without padding.</summary>
    /// <param name="destination"><see cref="MaxNumberLineLength"/> always fits.</param>
    /// <param name="number">The number.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static int WriteNumber(Span<byte> destination, ulong number)
    {
        int length = Append(destination, 0, number);
        return Append(destination, length, "\r\n"u8);
    }

    private static int WriteHead(Span<byte> destination, ReadOnlySpan<byte> key, uint flags, int valueLength)
    {
        Debug.Assert(key.Length <= ProtocolLimits.MaxKeyLength, "A key came through that the parser would reject.");
        Debug.Assert(valueLength >= 0, "A length is negative.");
        int length = Append(destination, 0, "VALUE "u8);
        length = Append(destination, length, key);
        length = Append(destination, length, " "u8);
        length = Append(destination, length, flags);
        length = Append(destination, length, " "u8);
        return Append(destination, length, (ulong)valueLength);
    }

    private static int Append(Span<byte> destination, int offset, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination[offset..]);
        return offset + text.Length;
    }

    private static int Append(Span<byte> destination, int offset, ulong number)
    {
        if (!Utf8Formatter.TryFormat(number, destination[offset..], out int written))
        {
            ThrowTooShort(nameof(destination));
        }

        return offset + written;
    }

    private static void ThrowTooShort(string parameterName) =>
        throw new ArgumentException("It is shorter than the reply line; the Max constants always fit.", parameterName);
}
