using System.Diagnostics.Metrics;
using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Routing;
using Granary.Cache.Shards;
using Granary.Store;
using Granary.Store.Entries;
using Microsoft.Extensions.Hosting;

namespace Granary.Cache;

/// <summary>
/// The cache and the cluster as this silo sees them, as metrics: levels and counters that are read when somebody asks, so
/// that nothing is done for them on the way of an operation. A hosted service only to be there from the start on.
/// </summary>
internal sealed class CacheMeter : IHostedService
{
    private const string Name = "Granary.Cache";

    private readonly Meter _meter;
    private readonly SharedReading<StoreStatistics> _store;
    private readonly SharedReading<CopyProgress> _copies;
    private readonly SharedReading<NamespaceStatistics[]> _namespaces;

    public CacheMeter(
        IMeterFactory meters,
        CacheStore store,
        LocalCache cache,
        ShardRegistry registry,
        OutgoingCopies copies,
        CacheRouter router,
        ClusterView view,
        TimeProvider time)
    {
        _meter = meters.Create(Name); // the factory's to dispose
        _store = new SharedReading<StoreStatistics>(store.GetStatistics, time);
        _copies = new SharedReading<CopyProgress>(() => copies.Progress, time);
        _namespaces = new SharedReading<NamespaceStatistics[]>(store.Namespaces.GetStatistics, time);
        AddEntries(router, cache);
        AddNamespaces(store.Options.Namespaces.Count > 0);
        AddShards(registry, view, copies);
        AddCluster(cache, view);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void AddEntries(CacheRouter router, LocalCache cache)
    {
        Count("hits", "{read}", "Reads of this silo's shards that found their key.", () => _store.Value.Hits);
        Count("misses", "{read}", "Reads of this silo's shards that did not.", () => _store.Value.Misses);
        Count("stores", "{entry}", "Stores that succeeded, in this silo's shards.", () => _store.Value.Stores);
        Count("evictions", "{entry}", "Entries dropped because there was no room.", () => _store.Value.Evictions);
        Count("expirations", "{entry}", "Entries dropped because their time had passed.", () => _store.Value.Expirations);
        Count("forwarded_operations", "{operation}", "Operations sent to the silos that have their shards.", () => router.Forwarded);
        Count("hot_copy_hits", "{read}", "Reads of other silos' shards answered by copies here (--hot-copies).", () => cache.HotCopyHits);
        _meter.CreateObservableGauge(
            "granary.cache.entries",
            () => ByRole(_store.Value.Entries, _store.Value.ClosedEntries),
            "{entry}",
            "Entries that can be read here (served), and those of other silos' shards (copy).");
        _meter.CreateObservableGauge(
            "granary.cache.data",
            () => ByRole(_store.Value.EntryBytes, _store.Value.ClosedEntryBytes),
            "By",
            "Keys, values and headers of those entries.");
        Level("granary.cache.used", "By", "Memory taken from the budget, index included.", () => _store.Value.UsedBytes);
        Level("granary.cache.budget", "By", "The budget (--memory).", () => _store.Value.BudgetBytes);
    }

    // One time series for each namespace, of which there are at most 63.
    private void AddNamespaces(bool hasSome)
    {
        if (!hasSome)
        {
            return;
        }

        LevelOf("entries", "{entry}", "Entries of a namespace that can be read here.", static space => space.Entries);
        LevelOf("data", "By", "Keys, values and headers of those entries.", static space => space.EntryBytes);
        LevelOf("quota", "By", "What it may take in the cluster; 0 for no bound.", static space => space.QuotaBytes);
        LevelOf("share", "By", "The part of that for the shards served here.", static space => space.ShareBytes);
        CountOf("hits", "{read}", "Reads of its keys that found them.", static space => space.Hits);
        CountOf("misses", "{read}", "Reads of its keys that did not.", static space => space.Misses);
        CountOf("stores", "{entry}", "Stores of its entries that succeeded.", static space => space.Stores);
        CountOf("evictions", "{entry}", "Its entries dropped because there was no room.", static space => space.Evictions);
    }

    private void AddShards(ShardRegistry registry, ClusterView view, OutgoingCopies copies)
    {
        Level("granary.shards.open", "{shard}", "Shards that are served here.", () => registry.OpenCount);
        Level(
            "granary.shards.expected",
            "{shard}",
            "Shards that the map gives to this silo.",
            () => view.Current.ShardsOf(registry.Self).Count);
        Level("granary.shards.moving", "{shard}", "Shards on their way to other silos.", () => _copies.Value.Moving);
        Level("granary.shards.protected", "{shard}", "Shards served here whose replica is complete.", () => _copies.Value.Protected);
        Level(
            "granary.shards.unprotected",
            "{shard}",
            "Shards served here whose replica is not complete; 0 without --replicas.",
            () => copies.HasReplicas ? Math.Max(0, registry.OpenCount - _copies.Value.Protected) : 0);
        Level("granary.moves.left", "By", "What of the moving shards has not left yet; an estimate.", () => _copies.Value.MovingBytesLeft);
        _meter.CreateObservableCounter(
            "granary.moves", () => copies.Moved.Count, "{shard}", "Shards that have moved to other silos.");
        _meter.CreateObservableCounter(
            "granary.moves.time", () => copies.Moved.Time.TotalSeconds, "s", "How long those took, one added to the other.");
    }

    private void AddCluster(LocalCache cache, ClusterView view)
    {
        _meter.CreateObservableGauge(
            "granary.silos", () => BySilos(view.Current), "{silo}", "Silos of the cluster that this one sees.");
        Level("granary.silos.cut_off", "{silo}", "Silos that this one reaches only through others.", () => cache.CutOffSilos);
        Level("granary.serving", null, "Whether this silo may answer for its shards: 1, or 0.", () => cache.CheckLease() ? 1 : 0);
        Level("granary.ready", null, "Whether clients may be sent here: 1, or 0.", () => cache.IsReady ? 1 : 0);
        _meter.CreateObservableGauge(
            "granary.clock.skew",
            () => cache.GreatestClockSkew.TotalSeconds,
            "s",
            "The greatest difference between this silo's clock and another's.");
    }

    private void Count(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableCounter($"granary.cache.{name}", read, unit, description);

    private void Level(string name, string? unit, string description, Func<long> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    private void LevelOf(string name, string unit, string description, Func<NamespaceStatistics, long> read) =>
        _meter.CreateObservableGauge($"granary.namespace.{name}", () => ByNamespace(read), unit, description);

    private void CountOf(string name, string unit, string description, Func<NamespaceStatistics, long> read) =>
        _meter.CreateObservableCounter($"granary.namespace.{name}", () => ByNamespace(read), unit, description);

    private IEnumerable<Measurement<long>> ByNamespace(Func<NamespaceStatistics, long> read) =>
        _namespaces.Value.Select(space => new Measurement<long>(read(space), Tag("namespace", space.Name)));

    private static Measurement<long>[] ByRole(long served, long copies) =>
        [new(served, Tag("role", "served")), new(copies, Tag("role", "copy"))];

    private static Measurement<int>[] BySilos(ViewSnapshot view) =>
    [
        new(view.Silos.Length, Tag("state", "active")),
        new(view.Members.Length - view.Silos.Length, Tag("state", "draining")),
    ];

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
