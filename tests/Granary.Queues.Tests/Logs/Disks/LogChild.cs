using Granary.Tests.Shared.Processes;

namespace Granary.Queues.Tests.Logs.Disks;

/// <summary>
/// A process of its own with a log, whose disk fails or which dies itself: this test program again, running one test that
/// is skipped otherwise.
/// </summary>
internal static class LogChild
{
    private const string PathVariable = "GRANARY_QUEUE_CHILD"; // set in the child

    private static readonly string Program = Environment.ProcessPath!;

    /// <summary>The log that this process is to write; <see langword="null"/> if it is no child.</summary>
    public static string? LogPath => Environment.GetEnvironmentVariable(PathVariable);

    /// <summary>Starts a child.</summary>
    /// <param name="folder">Has the log.</param>
    /// <param name="test">The name of the test that it runs.</param>
    /// <param name="wrapper">A program that starts it, with its arguments; none by default.</param>
    public static ChildProcess Start(LogFolder folder, string test, params string[] wrapper)
    {
        bool isDotNet = Path.GetFileName(Program) == "dotnet"; // else the program is this assembly's own
        string[] host = isDotNet ? [Program, typeof(LogChild).Assembly.Location] : [Program];
        string[] line = [.. wrapper, .. host, "-method", $"*.{test}"];
        return ChildProcess.Start(test, ChildProcess.CreateFolder(), line[0], line[1..], (PathVariable, folder.Path));
    }
}
