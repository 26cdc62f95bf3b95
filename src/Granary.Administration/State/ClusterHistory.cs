using Granary.Administration.Reading;
using Granary.Reports;

namespace Granary.Administration.State;

/// <summary>The last hour of a cluster, in steps. Rates are per second; what nobody knows is <see langword="null"/>.</summary>
public sealed record ClusterHistory
{
    private const int StepMilliseconds = 10_000; // as silos note it

    /// <summary>Between two points.</summary>
    public int StepSeconds { get; init; } = StepMilliseconds / 1000;

    /// <summary>The points. UTC milliseconds, the oldest first.</summary>
    public required IReadOnlyList<long> Times { get; init; }

    /// <summary>Reads that found their key.</summary>
    public required IReadOnlyList<double?> Hits { get; init; }

    /// <summary>Reads that did not.</summary>
    public required IReadOnlyList<double?> Misses { get; init; }

    /// <summary>Stores.</summary>
    public required IReadOnlyList<double?> Stores { get; init; }

    /// <summary>Entries dropped for want of room.</summary>
    public required IReadOnlyList<double?> Evictions { get; init; }

    /// <summary>Entries whose time had passed.</summary>
    public required IReadOnlyList<double?> Expirations { get; init; }

    /// <summary>Operations that silos sent each other.</summary>
    public required IReadOnlyList<double?> Forwarded { get; init; }

    /// <summary>Taken from the budgets.</summary>
    public required IReadOnlyList<double?> UsedBytes { get; init; }

    /// <summary>Entries of all shards.</summary>
    public required IReadOnlyList<double?> Entries { get; init; }

    /// <summary>The lowest of the silos' eviction ages.</summary>
    public required IReadOnlyList<double?> EvictionAgeSeconds { get; init; }

    /// <summary>The highest of the silos' 99th percentiles.</summary>
    public required IReadOnlyList<double?> P99Milliseconds { get; init; }

    /// <summary>Each silo by its name.</summary>
    public required IReadOnlyDictionary<string, SiloHistory> Silos { get; init; }

    /// <summary>What has happened, the latest first.</summary>
    public required IReadOnlyList<HappenedState> Happened { get; init; }

    /// <summary>Puts together what the silos have noted.</summary>
    /// <param name="reading">With <see cref="ReportParts.History"/>.</param>
    public static ClusterHistory Of(ClusterReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        SortedDictionary<long, List<Interval>> steps = StepsOf(reading);
        double?[] Sum(Func<Interval, double> read) => [.. steps.Values.Select(step => (double?)step.Sum(read))];
        double?[] Rate(Func<CacheCounters, long> read) => Sum(interval => interval.Rate(read));
        return new ClusterHistory
        {
            Times = [.. steps.Keys.Select(static step => step * StepMilliseconds)],
            Hits = Rate(static counters => counters.Hits),
            Misses = Rate(static counters => counters.Misses),
            Stores = Rate(static counters => counters.Stores),
            Evictions = Rate(static counters => counters.Evictions),
            Expirations = Rate(static counters => counters.Expirations),
            Forwarded = Rate(static counters => counters.Forwarded),
            UsedBytes = Sum(static interval => interval.Later.UsedBytes),
            Entries = Sum(static interval => interval.Later.Entries),
            EvictionAgeSeconds = [.. steps.Values.Select(static step => step.Min(static one => one.Later.EvictionAge?.TotalSeconds))],
            P99Milliseconds = [.. steps.Values.Select(static step => step.Max(static one => one.Later.LatencyP99?.TotalMilliseconds))],
            Silos = reading.Silos.Select(static silo => silo.Silo.Name).Distinct(StringComparer.Ordinal).ToDictionary(
                static name => name,
                name => new SiloHistory(
                    [.. steps.Values.Select(step => step.Find(one => one.Silo == name)?.Later.UsedBytes)],
                    [.. steps.Values.Select(step => step.Find(one => one.Silo == name)?.Rate(static counters =>
                        counters.Hits + counters.Misses + counters.Stores + counters.Deletions))]),
                StringComparer.Ordinal),
            Happened = ClusterStates.HappenedIn(reading),
        };
    }

    // Each silo notes at its own moments, a step apart: as if all did so when the step begins. What is newest is left out
    // until all have noted it, or the sums would be too low.
    private static SortedDictionary<long, List<Interval>> StepsOf(ClusterReading reading)
    {
        var steps = new SortedDictionary<long, List<Interval>>();
        foreach (SiloReading silo in reading.Silos)
        {
            HistorySample[] samples = silo.Report?.History ?? [];
            long phase = samples.Length == 0 ? 0 : samples[^1].At.ToUnixTimeMilliseconds() % StepMilliseconds;
            foreach ((HistorySample earlier, HistorySample later) in samples.Zip(samples.Skip(1)))
            {
                long step = (long)Math.Round((later.At.ToUnixTimeMilliseconds() - phase) / (double)StepMilliseconds);
                if (!steps.TryGetValue(step, out List<Interval>? intervals))
                {
                    steps[step] = intervals = [];
                }

                intervals.Add(new Interval(silo.Silo.Name, earlier, later));
            }
        }

        int noting = reading.Silos.Count(static silo => silo.Report?.History.Length > 1);
        if (steps.Count > 0 && steps.Last() is var newest && newest.Value.Count < noting)
        {
            steps.Remove(newest.Key);
        }

        return steps;
    }

    private sealed record Interval(string Silo, HistorySample Earlier, HistorySample Later)
    {
        public double Rate(Func<CacheCounters, long> read) =>
            Math.Max(0, read(Later.Counters) - read(Earlier.Counters)) / Math.Max((Later.At - Earlier.At).TotalSeconds, StepMilliseconds / 2000.0); // a clock may be set back
    }
}
