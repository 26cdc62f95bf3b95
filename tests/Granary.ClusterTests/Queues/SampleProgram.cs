namespace Granary.ClusterTests.Queues;

/// <summary>ClientSample, as a process.</summary>
internal static class SampleProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Runs one of its commands to its end, which has to be a good one.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string[]> RunAsync(QueueHome home, ITestOutputHelper output, params string[] command)
    {
        string folder = AppContext.BaseDirectory.Replace("tests/Granary.ClusterTests", "ClientSample", StringComparison.Ordinal);
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        await using var process = ChildProcess.Start(
            "ClientSample",
            ChildProcess.CreateFolder(),
            host,
            [Path.Combine(folder, "ClientSample.dll"), .. command, "--silo", $"{home.Silo.Gateway}"]);
        int exitCode = await process.WaitForExitAsync(Deadline);
        output.WriteLine($"{process.Output}");
        Assert.Equal(0, exitCode);
        return [.. process.Output.Lines()];
    }
}
