using Granary.Administration.Reading;
using Granary.Reports;

namespace Granary.Administration.State;

/// <summary>Makes what is shown out of what was read.</summary>
public static class ClusterStates
{
    private const int MaxHotKeys = 20;
    private const int MaxSlow = 50;
    private const int MaxHappened = 50;

    // What several silos have seen of one thing, each at its own moment.
    private static readonly TimeSpan OneEvent = TimeSpan.FromSeconds(15);

    /// <summary>The state at the last of some readings. What is wrong is not in it yet.</summary>
    /// <param name="readings">
    /// The oldest first, at least one. Rates are those between the last two, percentiles those since the first: about ten
    /// seconds are good for both. Of one reading alone there are none.
    /// </param>
    public static ClusterState Of(IReadOnlyList<ClusterReading> readings)
    {
        ArgumentNullException.ThrowIfNull(readings);
        ClusterReading now = readings[^1];
        SiloState[] silos = [.. now.Silos.Select(silo => StateOf(silo, readings))];
        return new ClusterState
        {
            Time = now.At.ToUnixTimeMilliseconds(),
            Cluster = new ClusterSummary(
                now.Map.ViewVersion,
                now.Map.ShardCount,
                now.Silos.Select(static silo => silo.Report?.Replicas).FirstOrDefault(static replicas => replicas is not null) ?? "none"),
            Findings = [],
            Silos = silos,
            Shards = ShardsOf(now),
            HotKeys = HotKeysOf(now),
            Namespaces = NamespaceStates.Of(readings),
            Slow = SlowOf(now),
            Happened = HappenedIn(now),
        };
    }

    /// <summary>What the silos have seen to happen, each thing once, the latest first.</summary>
    public static IReadOnlyList<HappenedState> HappenedIn(ClusterReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        List<ClusterEvent> events = [];
        foreach (ClusterEvent seen in reading.Silos
            .SelectMany(static silo => silo.Report?.Events ?? [])
            .OrderBy(static seen => seen.At))
        {
            bool isKnown = events.Exists(known =>
                known.Kind == seen.Kind
                && (known.Silo == seen.Silo || known.Kind == ClusterEventKind.Flushed)
                && seen.At - known.At < OneEvent);
            if (!isKnown)
            {
                events.Add(seen);
            }
        }

        return
        [
            .. events
                .AsEnumerable()
                .Reverse()
                .Take(MaxHappened)
                .Select(static seen => new HappenedState(
                    seen.At.ToUnixTimeMilliseconds(), seen.Silo, seen.Kind, TextOf(seen))),
        ];
    }

    private static string TextOf(ClusterEvent seen) => seen.Kind switch
    {
        ClusterEventKind.Joined => $"Silo {seen.Silo} has joined.",
        ClusterEventKind.Draining => $"Silo {seen.Silo} leaves, and hands over its shards.",
        ClusterEventKind.Left => $"Silo {seen.Silo} has left.",
        ClusterEventKind.Lost => $"Silo {seen.Silo} is gone without a word: it has crashed, or nobody could reach it.",
        ClusterEventKind.Flushed => "All entries were dropped (flush_all).",
        _ => $"{seen.Kind} of silo {seen.Silo}.",
    };

    private static SiloState StateOf(SiloReading silo, IReadOnlyList<ClusterReading> readings)
    {
        var state = new SiloState
        {
            Name = silo.Silo.Name,
            Address = $"{silo.Silo.Address.Endpoint}",
            Gateway = silo.Silo.Gateway?.ToString(),
            State = silo.Report is null ? SiloStateKind.Silent : silo.Silo.Draining ? SiloStateKind.Draining : SiloStateKind.Active,
        };
        if (silo.Report is not { } report)
        {
            return state;
        }

        SiloReport[] earlier = [.. readings.SkipLast(1).Select(reading => ReportOf(silo.Silo, reading)).OfType<SiloReport>()];
        CacheRates? rates = earlier.Length == 0 ? null : RatesBetween(earlier[^1], report);
        return state with
        {
            Ready = report.IsReady,
            StartedAt = (report.At - report.Uptime).ToUnixTimeMilliseconds(),
            Version = report.Version,
            Shards = report.OpenShards.Length,
            ExpectedShards = report.ExpectedShards,
            MovingShards = report.MovingShards.Length,
            MovingBytesLeft = report.MovingBytesLeft,
            MovingSecondsLeft = earlier.Length == 0 ? null : MovingSecondsLeft(earlier[0], report),
            ProtectedShards = report.Replicas == "none" ? 0 : report.OpenShards.Length - report.UnprotectedShards.Length,
            UnprotectedShards = report.UnprotectedShards.Length,
            Entries = report.Entries,
            EntryBytes = report.EntryBytes,
            CopyEntries = report.CopyEntries,
            CopyBytes = report.CopyBytes,
            UsedBytes = report.UsedBytes,
            BudgetBytes = report.BudgetBytes,
            EvictionAgeSeconds = report.EvictionAge?.TotalSeconds,
            ResidentBytes = report.ResidentBytes,
            CpuCores = earlier.Length == 0
                ? null
                : (report.ProcessorTime - earlier[^1].ProcessorTime).TotalSeconds / Math.Max((report.Uptime - earlier[^1].Uptime).TotalSeconds, 0.001),
            Gen2Collections = report.FullCollections,
            MemcachedConnections = report.MemcachedConnections,
            CutOffSilos = report.CutOffSilos,
            ClockSkewMilliseconds = report.ClockSkew.TotalMilliseconds,
            Rates = rates,
            Latency = earlier.Length == 0 ? null : new SiloLatency(
                LatencyState.Of(LatencyBuckets.Subtract(report.LocalLatency, earlier[0].LocalLatency)),
                LatencyState.Of(LatencyBuckets.Subtract(report.ForwardedLatency, earlier[0].ForwardedLatency)),
                LatencyState.Of(LatencyBuckets.Subtract(report.ReplicatedLatency, earlier[0].ReplicatedLatency))),
        };
    }

    // Of the same process: another one of that name has counted from 0.
    private static SiloReport? ReportOf(ServedSilo silo, ClusterReading reading) =>
        reading.Silos.FirstOrDefault(one => one.Silo.Address.Equals(silo.Address))?.Report;

    private static CacheRates RatesBetween(SiloReport earlier, SiloReport later)
    {
        double seconds = Math.Max((later.Uptime - earlier.Uptime).TotalSeconds, 0.001);
        double Rate(Func<CacheCounters, long> read) => Math.Max(0, read(later.Counters) - read(earlier.Counters)) / seconds;
        double hits = Rate(static counters => counters.Hits);
        double misses = Rate(static counters => counters.Misses);
        return new CacheRates(
            hits + misses,
            hits,
            misses,
            Rate(static counters => counters.Stores),
            Rate(static counters => counters.Deletions),
            Rate(static counters => counters.Evictions),
            Rate(static counters => counters.Expirations),
            Rate(static counters => counters.Forwarded));
    }

    private static double? MovingSecondsLeft(SiloReport earlier, SiloReport later)
    {
        double perSecond = (earlier.MovingBytesLeft - later.MovingBytesLeft) / (later.Uptime - earlier.Uptime).TotalSeconds;
        return later.MovingBytesLeft > 0 && perSecond > 0 ? later.MovingBytesLeft / perSecond : null;
    }

    private static ShardStates ShardsOf(ClusterReading reading)
    {
        var map = new ClusterMap(
            reading.Map.ShardCount,
            reading.Map.Silos.Where(static silo => !silo.Draining).Select(static silo => silo.Name));
        var places = reading.Silos
            .Select(static (silo, place) => (silo.Silo, place))
            .Where(static one => !one.Silo.Draining)
            .ToDictionary(static one => one.Silo.Name, static one => one.place, StringComparer.Ordinal);
        int[] wanted = [.. Enumerable.Range(0, map.ShardCount)
            .Select(shard => map.OwnerNameOf(shard) is { } name ? places.GetValueOrDefault(name, -1) : -1)];
        int[] served = [.. Enumerable.Repeat(-1, map.ShardCount)];
        for (int place = 0; place < reading.Silos.Count; place++)
        {
            foreach (int shard in reading.Silos[place].Report?.OpenShards ?? [])
            {
                served[shard] = place;
            }
        }

        return new ShardStates(
            served,
            wanted,
            [.. reading.Silos.SelectMany(static silo => silo.Report?.MovingShards ?? []).Order()],
            [.. reading.Silos.SelectMany(static silo => silo.Report?.UnprotectedShards ?? []).Order()]);
    }

    private static HotKeyState[] HotKeysOf(ClusterReading reading)
    {
        double total = reading.Silos.Sum(static silo => silo.Report?.SampledOperationsPerSecond ?? 0);
        return
        [
            .. reading.Silos
                .SelectMany(static silo => (silo.Report?.HotKeys ?? []).Select(key => (Silo: silo.Silo.Name, Key: key)))
                .OrderByDescending(static one => one.Key.ReadsPerSecond + one.Key.WritesPerSecond)
                .Take(MaxHotKeys)
                .Select(one => new HotKeyState(
                    KeyText.Of(one.Key.Key, out bool isBinary),
                    isBinary,
                    one.Key.Shard,
                    one.Silo,
                    one.Key.ReadsPerSecond,
                    one.Key.WritesPerSecond,
                    total > 0 ? Math.Min(1, (one.Key.ReadsPerSecond + one.Key.WritesPerSecond) / total) : 0)),
        ];
    }

    private static SlowOperationState[] SlowOf(ClusterReading reading) =>
    [
        .. reading.Silos
            .SelectMany(static silo => (silo.Report?.SlowOperations ?? []).Select(slow => new SlowOperationState(
                slow.At.ToUnixTimeMilliseconds(),
                silo.Silo.Name,
                slow.Operation,
                KeyText.Of(slow.Key, out _),
                slow.Duration.TotalMilliseconds,
                slow.Reason)))
            .OrderByDescending(static slow => slow.At)
            .Take(MaxSlow),
    ];
}
