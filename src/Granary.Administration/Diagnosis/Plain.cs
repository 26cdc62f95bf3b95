using System.Globalization;

namespace Granary.Administration.Diagnosis;

/// <summary>Numbers in sentences.</summary>
internal static class Plain
{
    /// <summary>1 message, 2 messages.</summary>
    public static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {noun}{(count == 1 ? string.Empty : "s")}");

    /// <summary>40 s, 12 min, 3 h, 2 days.</summary>
    public static string Age(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0} days"),
    };

    /// <summary>98.3 %.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %");

    /// <summary>1,200/s, or 1,200 entries/s.</summary>
    public static string Rate(double perSecond, string? noun = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{perSecond:#,0}{(noun is null ? string.Empty : $" {noun}")}/s");
}
