namespace Granary.Silo.Settings;

/// <summary>How a command ends that a person can mend.</summary>
internal static class Refusal
{
    /// <summary>Says why, in one line.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Exception exception)
    {
        System.Console.Error.WriteLine($"granary: {exception.Message}");
        return 1;
    }
}
