using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.HitRatio.Caches;

namespace Granary.Benchmarks.Scenarios.HitRatio;

/// <summary>Replays traces read-through: what is not there is stored at once. Nothing is timed.</summary>
internal sealed class HitRatioScenario(HitRatioSettings settings, TextWriter output)
{
    /// <returns>The exit code: 0 if every trace was there.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        using CsvFile? csv = settings.Csv is { } file ? HitRatioReport.OpenCsv(file.FullName) : null;
        bool isComplete = true;
        foreach (string trace in settings.Traces)
        {
            string path = TraceCatalog.PathOf(trace);
            if (!File.Exists(path))
            {
                output.WriteLine($"{trace}: skipped, {path} is not there.");
                isComplete = false;
                continue;
            }

            foreach (IGrouping<Sizing, ReplayCase> cases in
                TraceCatalog.Read(trace, settings.MaxRequests).GroupBy(static replay => replay.Sizing))
            {
                var report = new HitRatioReport(trace, cases.Key, output, csv);
                await ReplayAsync(cases, report, cancellationToken);
                report.Print();
                if (settings.Plots is { } folder)
                {
                    folder.Create();
                    report.Plot(folder.FullName);
                }
            }
        }

        return isComplete ? 0 : 1;
    }

    private static void Replay(ReadOnlySpan<TraceRequest> requests, IReplayedCache cache)
    {
        foreach (ref readonly TraceRequest request in requests)
        {
            cache.Request(request);
        }
    }

    private async Task ReplayAsync(IEnumerable<ReplayCase> cases, HitRatioReport report, CancellationToken cancellationToken)
    {
        foreach (ReplayCase replay in cases)
        {
            foreach (string policy in settings.Policies)
            {
                await using IReplayedCache? cache =
                    await PolicyCatalog.CreateAsync(policy, replay, output, cancellationToken);
                if (cache is null)
                {
                    continue;
                }

                Replay(replay.Requests, cache);
                cancellationToken.ThrowIfCancellationRequested();
                report.Add(replay, policy, cache.HitPercent);
            }
        }
    }
}
