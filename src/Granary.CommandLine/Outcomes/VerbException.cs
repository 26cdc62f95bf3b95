namespace Granary.CommandLine.Outcomes;

/// <summary>A verb cannot go on. The message is for the person who typed it.</summary>
internal sealed class VerbException(string message, int exitCode) : Exception(message)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
