using System.Globalization;

namespace Granary.CommandLine.Rendering;

/// <summary>Numbers as people read them. What is not known is a hyphen.</summary>
internal static class Figures
{
    /// <summary>What is not known.</summary>
    public const string Unknown = "-";

    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>1,234.</summary>
    public static string Count(long? count) =>
        count is null ? Unknown : string.Create(CultureInfo.InvariantCulture, $"{count:#,0}");

    /// <summary>1 silo, 2 silos.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? string.Empty : "s")}";

    /// <summary>1,234 per second, or 0.4.</summary>
    public static string Rate(double? perSecond) => perSecond switch
    {
        null => Unknown,
        0 or >= 9.95 => string.Create(CultureInfo.InvariantCulture, $"{perSecond:#,0}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.0}"),
    };

    /// <summary>98 %, or 99.8 %.</summary>
    public static string Percent(double? share) =>
        share is null ? Unknown : string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    /// <summary>A part of a whole; not known of nothing.</summary>
    public static string Percent(double? part, double? whole) => whole > 0 ? Percent(part / whole) : Unknown;

    /// <summary>12.3 MiB.</summary>
    public static string Bytes(long? bytes)
    {
        if (bytes is null)
        {
            return Unknown;
        }

        double size = bytes.Value;
        int unit = 0;
        for (; size >= 1024 && unit < ByteUnits.Length - 1; unit++)
        {
            size /= 1024;
        }

        return size >= 100 || unit == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{size:0} {ByteUnits[unit]}")
            : string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {ByteUnits[unit]}");
    }

    /// <summary>0.3 s, 40 s, 12 min, 3 h, 2 d.</summary>
    public static string Age(double? seconds) => seconds switch
    {
        null => Unknown,
        < 9.95 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0} d"),
    };

    /// <summary>0.12 ms, 12 ms.</summary>
    public static string Milliseconds(double? milliseconds) => milliseconds switch
    {
        null => Unknown,
        < 9.95 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.##} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:#,0} ms"),
    };

    /// <summary>Cores that are busy: 0.25.</summary>
    public static string Cores(double? cores) =>
        cores is null ? Unknown : string.Create(CultureInfo.InvariantCulture, $"{cores:0.00}");

    /// <summary>2026-11-26 16:09:14 UTC, of UTC milliseconds.</summary>
    public static string Time(long milliseconds) => string.Create(
        CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeMilliseconds(milliseconds):yyyy-MM-dd HH:mm:ss} UTC");

    /// <summary>A text in one line, cut at a length.</summary>
    public static string Short(string text, int length)
    {
        string line = string.Concat(text.Select(static one => char.IsControl(one) ? ' ' : one));
        return line.Length <= length ? line : $"{line[..(length - 3)]}...";
    }
}
