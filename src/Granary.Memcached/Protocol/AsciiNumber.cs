namespace Granary.Memcached.Protocol;

/// <summary>Reads decimal numbers that fill a whole span: digits only, leading zeros allowed, no plus, no
/// blanks.</summary>
internal static class AsciiNumber
{
    // Every number of 19 digits is below 2^64, so that many need no check for overflow.
    private const int SafeDigits = 19;

    /// <summary>Reads 0 to 2^64-1.</summary>
    public static bool TryParseUInt64(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.Length > SafeDigits)
        {
            return TryParseLong(text, out value);
        }

        ulong result = 0;
        foreach (byte character in text)
        {
            uint digit = (uint)character - '0';
            if (digit > 9)
            {
                return false;
            }

            result = (result * 10) + digit;
        }

        value = result;
        return !text.IsEmpty;
    }

    /// <summary>Reads 0 to 2^32-1.</summary>
    public static bool TryParseUInt32(ReadOnlySpan<byte> text, out uint value)
    {
        bool fits = TryParseUInt64(text, out ulong wide) && wide <= uint.MaxValue;
        value = fits ? (uint)wide : 0;
        return fits;
    }

    /// <summary>Reads -2^63 to 2^63-1, a minus sign before the digits allowed.</summary>
    public static bool TryParseInt64(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        bool isNegative = !text.IsEmpty && text[0] == (byte)'-';
        if (!TryParseUInt64(isNegative ? text[1..] : text, out ulong magnitude))
        {
            return false;
        }

        ulong greatest = isNegative ? 1UL << 63 : long.MaxValue;
        if (magnitude > greatest)
        {
            return false;
        }

        // In two's complement the negation of 2^63 is itself, which is the number wanted.
        value = isNegative ? unchecked(-(long)magnitude) : (long)magnitude;
        return true;
    }

    private static bool TryParseLong(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        ulong result = 0;
        foreach (byte character in text)
        {
            uint digit = (uint)character - '0';
            if (digit > 9 || result > (ulong.MaxValue - digit) / 10)
            {
                return false;
            }

            result = (result * 10) + digit;
        }

        value = result;
        return true;
    }
}
