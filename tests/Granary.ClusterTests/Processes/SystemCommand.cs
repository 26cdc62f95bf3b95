namespace Granary.ClusterTests.Processes;

/// <summary>Programs that change the machine a test runs on, and end at once.</summary>
internal static class SystemCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Fails the test unless the program ends well.</summary>
    /// <param name="program">A name in PATH; without it the test is skipped.</param>
    /// <param name="arguments">Separated by spaces.</param>
    public static async Task RunAsync(string program, string arguments)
    {
        (int exitCode, string output) = await TryRunAsync(program, arguments);
        Assert.True(exitCode == 0, $"{program} {arguments} ended with code {exitCode}: {output}");
    }

    /// <inheritdoc cref="RunAsync"/>
    public static async Task<(int ExitCode, string Output)> TryRunAsync(string program, string arguments)
    {
        await using ChildProcess process = ChildProcess.Start(
            program, ChildProcess.CreateFolder(), RequiredProgram.Locate(program), arguments.Split(' '));
        int exitCode = await process.WaitForExitAsync(Deadline);
        return (exitCode, process.Output.ToString());
    }
}
