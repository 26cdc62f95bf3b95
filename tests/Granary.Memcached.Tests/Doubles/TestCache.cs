using System.Net;
using Granary.Cache;
using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Reports;
using Granary.Cache.Shards;
using Granary.Store;
using Granary.Store.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>The cache of a silo without a cluster: its one shard is here, and there is no way to anybody else.</summary>
internal sealed class TestCache : IDisposable
{
    private readonly CacheStore _store;
    private readonly FakeTimeProvider _time;
    private readonly ServingLease _lease;

    /// <param name="start">What time it is; by default in the year 2000.</param>
    /// <param name="hasGates">Whether answers may have to wait for replicas.</param>
    /// <param name="eviction">How it makes room.</param>
    /// <param name="namespaces">Those of the store.</param>
    public TestCache(
        DateTimeOffset? start = null,
        bool hasGates = false,
        EvictionPolicy eviction = EvictionPolicy.Lru,
        IReadOnlyList<StoreNamespace>? namespaces = null)
    {
        _time = start is { } at ? new FakeTimeProvider(at) : new FakeTimeProvider();
        FakeTimeProvider time = _time;
        _store = new CacheStore(
            new StoreOptions
            {
                MemoryLimitBytes = 64 << 20,
                MaxValueBytes = 1 << 20,
                ShardCount = 1,
                LaneCount = 1, // that of the core a test runs on may have room when the one before had none
                Eviction = eviction,
                Namespaces = namespaces ?? [],
            },
            time);
        var registry = new ShardRegistry(_store, SiloAddress.New(IPAddress.Loopback, 1, 1), hasGates, time);
        var lease = new ServingLease(_store, time);
        _lease = lease;
        Local = new LocalCache(
            registry,
            router: null!,
            view: null!,
            values: null!,
            flush: null!,
            drop: null!,
            new ChangeWaits(registry, static () => { }, new OperationTimes(time), time),
            new OutgoingCopies(registry, ReplicaMode.None, time),
            lease,
            readiness: null!,
            new PeerReach(time),
            new ClockComparison(_store, static _ => false, time, NullLogger<ClockComparison>.Instance),
            new OperationTimes(time),
            time);
        _store.Open(0);
        lease.Renew(time.GetTimestamp());
    }

    public LocalCache Local { get; }

    /// <summary>Time passes, and the silo does meanwhile what it does all the time.</summary>
    public void Advance(TimeSpan duration)
    {
        _time.Advance(duration);
        _store.Sweep(0);
        _lease.Renew(_time.GetTimestamp());
    }

    public void Dispose() => _store.Dispose();
}
