using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Faults;

/// <summary>The wall clock of one silo jumps; its monotonic clock does not, as on a machine whose time is set.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ClockTests(ITestOutputHelper output)
{
    // libfaketime reads its file anew after a second, and a skew is believed after two.
    private static readonly TimeSpan NoticeDeadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Jump_OfOneSilosClock_ExpiresNothingAndIsReportedAsync()
    {
        HandRun.SkipUnlessLong();
        using var clock = FakeClock.Create();
        await using FaultRun run = await FaultRun.StartAsync(output, replicas: 1, places: clock.Place);
        SiloProcess jumping = run.Silos[0];
        using MemcachedConnection client = await MemcachedConnection.OpenAsync(jumping.Memcached);
        await SiloKeys.SetAsync(jumping, ["for-ten-minutes"], "value");
        Assert.Equal("TOUCHED", await client.CommandAsync("touch for-ten-minutes 600"));

        await JumpAsync(run, clock, TimeSpan.FromHours(1));
        await JumpAsync(run, clock, TimeSpan.FromHours(-1));
        Assert.Equal("OK", await client.CommandAsync("flush_all 3000")); // in 50 minutes, not 10 minutes ago
        await run.KillAsync(run.Silos[2]); // the votes that declare it dead have times
        await run.SettleAsync();

        Assert.Contains(
            run.Silos[1].Output.Lines(),
            line => line.Contains($"The clock of silo S127.0.0.1:{jumping.Ports.Silo}", StringComparison.Ordinal));
        Assert.Equal("value", await client.GetAsync("for-ten-minutes"));
        (await run.CompleteAsync()).AssertMeets(CrashTests.NothingAcknowledgedLost);
    }

    private static async Task JumpAsync(FaultRun run, FakeClock clock, TimeSpan offset)
    {
        SiloProcess jumping = run.Silos[0];
        clock.Set(offset);
        await run.ContinueAsync($"the clock of {jumping.Name} is off by {offset}", TimeSpan.Zero);
        var waiting = Stopwatch.StartNew();
        while (Math.Abs(await StatisticAsync(jumping, "time") - await StatisticAsync(run.Silos[1], "time") - offset.TotalSeconds) > 60
            || await StatisticAsync(run.Silos[1], "granary_clock_skew_ms") < 3_000_000)
        {
            Assert.True(waiting.Elapsed < NoticeDeadline, $"No skew is seen after {NoticeDeadline}:\n{run.Silos[1].Output}");
            await Task.Delay(100);
        }

        await run.ContinueAsync("it was noticed", FaultRun.Scale.Calm);
    }

    private static async Task<double> StatisticAsync(SiloProcess silo, string name) =>
        double.Parse((await silo.StatisticsAsync())[name], CultureInfo.InvariantCulture);
}
