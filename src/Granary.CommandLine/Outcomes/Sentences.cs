using System.Globalization;

namespace Granary.CommandLine.Outcomes;

/// <summary>Messages of exceptions as one sentence for people.</summary>
internal static class Sentences
{
    /// <summary>The message, in one line, without the name of a parameter that nobody has typed.</summary>
    public static string Of(Exception exception)
    {
        string text = exception.Message.ReplaceLineEndings(" ").Trim();
        int parameter = exception is ArgumentException ? text.IndexOf(" (Parameter '", StringComparison.Ordinal) : -1;
        return parameter < 0 ? text : text[..parameter];
    }

    /// <summary>10 s.</summary>
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s");
}
