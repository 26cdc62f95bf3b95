using System.CommandLine.Parsing;
using System.Globalization;

namespace Granary.CommandLine.Values;

/// <summary>Times as people write them: 90, 90s, 10m, 12h, 7d, 500ms.</summary>
internal static class Durations
{
    /// <summary>What may be written, for help and messages.</summary>
    public const string Rule = "a number of ms, s, m, h or d, as in 500ms, 90s, 10m, 12h, 7d";

    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), (string.Empty, 1)];

    /// <summary>Reads one; of more than 0, and at most 1000 years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        (string unit, double seconds) = Array.Find(Units, one => text.EndsWith(one.Unit, StringComparison.Ordinal));
        if (!double.TryParse(
                text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            || number * seconds is not (> 0 and <= 1000 * 365 * 86_400d))
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(number * seconds);
        return duration > TimeSpan.Zero;
    }

    /// <summary>For an option.</summary>
    public static TimeSpan? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TryParse(text, out TimeSpan duration))
        {
            return duration;
        }

        result.AddError($"'{text}' is no time: it must be {Rule}.");
        return null;
    }
}
