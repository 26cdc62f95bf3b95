namespace Granary.Memcached.Protocol;

/// <summary>A key as a URI has it: all but its unreserved characters in hexadecimal.</summary>
internal static class EscapedKey
{
    /// <summary>Bytes that a byte of a key becomes at most.</summary>
    public const int MaxGrowth = 3;

    private const string Digits = "0123456789ABCDEF";

    /// <summary>Writes it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="room"><see cref="MaxGrowth"/> times as long.</param>
    /// <returns>What was written.</returns>
    public static ReadOnlySpan<byte> Write(ReadOnlySpan<byte> key, Span<byte> room)
    {
        int length = 0;
        foreach (byte one in key)
        {
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                room[length++] = one;
            }
            else
            {
                room[length++] = (byte)'%';
                room[length++] = (byte)Digits[one >> 4];
                room[length++] = (byte)Digits[one & 0xF];
            }
        }

        return room[..length];
    }
}
