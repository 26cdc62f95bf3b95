using System.Globalization;

namespace Granary.Silo.Settings;

/// <summary>Sizes as people write them: <c>67108864</c>, <c>64MiB</c>, <c>64m</c>, <c>1 GiB</c>. Units are powers of 1024.</summary>
internal static class ByteSize
{
    private static readonly (string Suffix, int Shift)[] Units =
    [
        ("kib", 10), ("mib", 20), ("gib", 30), ("tib", 40), ("k", 10), ("m", 20), ("g", 30), ("t", 40), ("b", 0), (string.Empty, 0),
    ];

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        string lower = text.Trim().ToLowerInvariant();
        foreach ((string suffix, int shift) in Units)
        {
            if (lower.EndsWith(suffix, StringComparison.Ordinal))
            {
                string number = lower[..^suffix.Length].TrimEnd();
                if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                    || count > long.MaxValue >> shift)
                {
                    return false;
                }

                bytes = count << shift;
                return true;
            }
        }

        return false;
    }

    public static string Format(long bytes)
    {
        for (int index = 3; index >= 0; index--)
        {
            (string suffix, int shift) = Units[index];
            if (bytes >= 1L << shift)
            {
                string unit = suffix[..1].ToUpperInvariant() + "iB";
                double count = bytes / (double)(1L << shift);
                return string.Create(CultureInfo.InvariantCulture, $"{count:0.##} {unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
    }
}
