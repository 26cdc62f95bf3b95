using System.Diagnostics;
using System.Reflection;
using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Reports;
using Granary.Store.Entries;
using Granary.Store.HotKeys;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Reports;

/// <summary>Tells what there is to see of this silo. Thread-safe.</summary>
internal sealed class SiloReporter(
    ShardRegistry registry,
    OutgoingCopies copies,
    LocalCache cache,
    ClusterView view,
    CacheCounts counts,
    OperationTimes times,
    ClusterEvents events,
    History history,
    IEnumerable<IReportSource> others,
    ILocalSiloDetails local,
    IOptions<CacheOptions> options,
    TimeProvider time)
{
    private const int MaxHotKeys = 20;

    private static readonly string Version = Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3) ?? string.Empty;

    private readonly long _started = time.GetTimestamp();

    public SiloReport Report(ReportParts parts)
    {
        StoreStatistics statistics = registry.Store.GetStatistics();
        HotKeyReport hot = registry.Store.GetHotKeys(MaxHotKeys);
        int[] open = [.. Enumerable.Range(0, registry.ShardCount).Where(shard => registry[shard].State == ShardState.Open)];
        using var process = Process.GetCurrentProcess();
        var report = new SiloReport
        {
            Silo = local.Name,
            Version = Version,
            Uptime = time.GetElapsedTime(_started),
            At = time.GetUtcNow(),
            IsReady = cache.IsReady,
            ExpectedShards = view.Current.ShardsOf(registry.Self).Count,
            OpenShards = open,
            MovingShards = [.. open.Where(copies.IsMoving)],
            UnprotectedShards = copies.HasReplicas ? [.. open.Where(shard => copies.ReplicaOf(shard) is null)] : [],
            Replicas = $"{options.Value.Replicas}".ToLowerInvariant(),
            MovingBytesLeft = cache.MovingBytesLeft,
            Counters = counts.Of(statistics),
            Entries = statistics.Entries,
            EntryBytes = statistics.EntryBytes,
            CopyEntries = statistics.ClosedEntries,
            CopyBytes = statistics.ClosedEntryBytes,
            UsedBytes = statistics.UsedBytes,
            BudgetBytes = statistics.BudgetBytes,
            EvictionAge = registry.Store.EvictionAge,
            ResidentBytes = process.WorkingSet64,
            ProcessorTime = process.TotalProcessorTime,
            FullCollections = GC.CollectionCount(2),
            CutOffSilos = cache.CutOffSilos,
            ClockSkew = cache.GreatestClockSkew,
            LocalLatency = times.Local,
            ForwardedLatency = times.Forwarded,
            ReplicatedLatency = times.Replicated,
            HotKeys = [.. hot.Keys.Select(static key => new Granary.Reports.HotKey(
                key.Key.ToArray(), key.Shard, key.ReadsPerSecond, key.WritesPerSecond))],
            SampledOperationsPerSecond = hot.OperationsPerSecond,
            SlowOperations = times.Slow,
            Events = events.Read(),
            Namespaces = [.. registry.Store.Namespaces.GetStatistics().Select(static space => ReportOf(space))],
            History = parts.HasFlag(ReportParts.History) ? history.Read() : [],
        };
        return others.Aggregate(report, (told, source) => source.Extend(told, parts));
    }

    private static NamespaceReport ReportOf(in NamespaceStatistics space) => new()
    {
        Name = space.Name,
        Prefix = space.Prefix.ToArray(),
        QuotaBytes = space.QuotaBytes,
        ShareBytes = space.ShareBytes,
        Entries = space.Entries,
        EntryBytes = space.EntryBytes,
        Hits = space.Hits,
        Misses = space.Misses,
        Stores = space.Stores,
        Evictions = space.Evictions,
    };
}
