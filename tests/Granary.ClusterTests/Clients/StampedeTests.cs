using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Clients;

/// <summary>
/// A thousand callers in three processes ask for a key that nobody has made yet, and the process that makes it is killed.
/// </summary>
public sealed class StampedeTests(SingleSilo silo, ITestOutputHelper output) : IClassFixture<SingleSilo>
{
    private const int Callers = 1000;
    private const string Quiet = "quiet";
    private const string Deadly = "deadly";

    private static readonly int[] CallersOfProcesses = [334, 333, 333];
    private static readonly string Program =
        AppContext.BaseDirectory.Replace("Granary.ClusterTests", "Granary.StampedeClient", StringComparison.Ordinal);

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60); // of what takes a moment, on a busy machine

    [Fact]
    public async Task Stampede_OfThreeProcesses_RunsTheFactoryOnceAndOutlivesItsProcessAsync()
    {
        await using ChildProcess first = Start(0);
        await using ChildProcess second = Start(1);
        await using ChildProcess third = Start(2);
        ChildProcess[] processes = [first, second, third];
        using MemcachedConnection memcached = await MemcachedConnection.OpenAsync(silo.Port);

        ChildProcess maker = await BeginAsync(memcached, processes, Quiet);
        await memcached.SetAsync($"finish/{Quiet}", "");
        await Task.WhenAll(processes.Select(process => AssertAllHaveAsync(process, processes, Quiet, maker)));
        Assert.Single(processes, static process => IsMaking(process, Quiet));

        ChildProcess victim = await BeginAsync(memcached, processes, Deadly);
        ChildProcess[] others = [.. processes.Where(process => process != victim)];
        victim.Kill();
        var clock = Stopwatch.StartNew();
        ChildProcess next = await MakerAsync(others, Deadly);
        output.WriteLine($"kill -9 to the factory of another process: {clock.Elapsed.TotalSeconds:F1} s of {Lease}");
        await memcached.SetAsync($"finish/{Deadly}", "");
        await Task.WhenAll(others.Select(process => AssertAllHaveAsync(process, processes, Deadly, next)));
        Assert.Single(others, static process => IsMaking(process, Deadly));
        int[] exitCodes = await Task.WhenAll(others.Select(static process => process.WaitForExitAsync(Deadline)));
        Assert.All(exitCodes, static code => Assert.Equal(0, code));
    }

    // Returns when all callers have called, and one process makes the value: which cannot end before the test says so.
    private static async Task<ChildProcess> BeginAsync(MemcachedConnection memcached, ChildProcess[] processes, string key)
    {
        await memcached.SetAsync($"begin/{key}", "");
        ChildProcess maker = await MakerAsync(processes, key);
        var clock = Stopwatch.StartNew();
        while (await memcached.GetAsync($"callers/{key}") != Callers.ToString(CultureInfo.InvariantCulture))
        {
            Assert.True(clock.Elapsed < Deadline, $"Not all callers have called for '{key}' after {Deadline}.");
            await Task.Delay(20);
        }

        return maker;
    }

    private static async Task<ChildProcess> MakerAsync(ChildProcess[] processes, string key)
    {
        await processes[0].WaitUntilAsync(
            $"process that makes '{key}'", 3 * Lease, () => Array.Exists(processes, process => IsMaking(process, key)));
        return processes.Single(process => IsMaking(process, key));
    }

    private static bool IsMaking(ChildProcess process, string key) => Says(process, $"making {key}");

    private static bool Says(ChildProcess process, string line) => process.Output.Lines().Contains(line, StringComparer.Ordinal);

    // An error would have ended the process.
    private static Task AssertAllHaveAsync(ChildProcess process, ChildProcess[] processes, string key, ChildProcess maker)
    {
        int callers = CallersOfProcesses[Array.IndexOf(processes, process)];
        string line = $"{key}: {callers} x made by {maker.Id}";
        return process.WaitUntilAsync($"'{line}'", Deadline, () => Says(process, line));
    }

    private ChildProcess Start(int number) => ChildProcess.Start(
        $"Process {number} of the stampede",
        ChildProcess.CreateFolder(),
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [
            Path.Combine(Program, "Granary.StampedeClient.dll"),
            $"{silo.Silo.Gateway}",
            CallersOfProcesses[number].ToString(CultureInfo.InvariantCulture),
            Quiet,
            Deadly,
        ]);
}
