using System.Diagnostics;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Kv;
using Granary.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>
/// Replaces every silo of a filled cluster: a new one is started, and as soon as it is ready an old one is told to
/// stop, as in an upgrade. A load by the .NET client goes on meanwhile, and in the end every entry is read.
/// </summary>
internal sealed class RestartScenario(ChangeSettings settings, int rate, TextWriter output)
{
    // Of load before the first change and after the last.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    /// <returns>The exit code: 0 if nothing was lost in any round.</returns>
    public Task<int> RunAsync(CancellationToken cancellationToken) => ChangeRun.RunAsync(
        output, store => MeasureAsync(store.ConnectionString, cancellationToken), cancellationToken);

    private async Task MeasureAsync(string store, CancellationToken cancellationToken)
    {
        await using GranaryCluster cluster = await GranaryCluster.StartAsync(
            new ClusterSetup("3 silos", 3, Store: store), settings.PeerSettings, cancellationToken);
        var keys = new KeySpace(settings.Entries, KvScenario.KeyLengthBytes, settings.ValueBytes);
        using var report = new ChangeReport("restart", settings, output);
        report.PrintSetup(cluster, keys);
        output.WriteLine(
            $"load: {rate} operations a second by the .NET client, their times from when they were due; silent: the "
            + "longest time without any answer");

        var entries = new CheckedEntries(keys);
        await entries.FillAsync(cluster.Silos[0].EndPoint, cancellationToken);
        using IHost client = await GranaryClient.StartAsync(cluster.Silos[0], cancellationToken);
        var cache = client.Services.GetRequiredService<IGranaryCache>();
        try
        {
            for (int round = 1; round <= settings.Rounds; round++)
            {
                await MeasureAsync(cluster, cache, entries, round, report, cancellationToken);
            }
        }
        finally
        {
            report.PrintTables();
            await client.StopAsync(CancellationToken.None);
        }
    }

    private async Task MeasureAsync(
        GranaryCluster cluster, IGranaryCache cache, CheckedEntries entries, int round, ChangeReport report,
        CancellationToken cancellationToken)
    {
        await using PacedLoad load = PacedLoad.Start(cache, entries, rate);
        await Task.Delay(Calm, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        RunningPeer[] old = [.. cluster.Silos];
        for (int index = 0; index < old.Length; index++)
        {
            Figure[] figures = await ReplaceAsync(cluster, old[index], cancellationToken);
            report.Add(cluster, "a silo replaced", $"silo {index + 1}", round, figures);
        }

        double total = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await cluster.WaitUntilSettledAsync(cancellationToken);
        double settled = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Task.Delay(Calm, cancellationToken);
        LoadTally tally = await load.StopAsync();
        int lost = await entries.CountLostAsync(cache, cancellationToken);
        report.Add(
            cluster,
            "a rolling restart",
            "3 silos",
            round,
            [new("total s", total, "0.0"), new("settled s", settled, "0.0"), .. tally.Figures, new("lost", lost)]);
        if (lost + tally.Wrong > 0)
        {
            throw new LoadException($"{lost} entries were lost, and {tally.Wrong} answers were wrong.");
        }
    }

    private static async Task<Figure[]> ReplaceAsync(
        GranaryCluster cluster, RunningPeer old, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        await cluster.AddAsync(cancellationToken);
        double ready = Stopwatch.GetElapsedTime(start).TotalSeconds;

        long[] held = await MemcachedStatistics.ReadAsync(old.EndPoint, ["bytes"], cancellationToken);
        start = Stopwatch.GetTimestamp();
        await cluster.StopAsync(old, cancellationToken);
        double ended = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return
        [
            new("start until ready s", ready, "0.0"),
            new("stop until ended s", ended, "0.0"),
            new("MiB held at the stop", held[0] / (double)(1 << 20)),
        ];
    }
}
