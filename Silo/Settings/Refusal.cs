namespace Granary.Silo.Settings;

/// <summary>How a command ends that a person can mend.</summary>
internal static class Refusal
{
    /// <summary>Says why, in one line.</summary>
    /// <param name="exception">Why.</param>
    /// <param name="error">Where errors are told.</param>
    /// <returns>The exit code.</returns>
    public static int Tell(Exception exception, TextWriter error)
    {
        error.WriteLine($"granary: {exception.Message}");
        return 1;
    }
}
