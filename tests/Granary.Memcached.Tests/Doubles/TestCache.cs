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

    public TestCache()
    {
        var time = new FakeTimeProvider(); // nobody advances it, so that the lease stays
        _store = new CacheStore(
            new StoreOptions { MemoryLimitBytes = 64 << 20, MaxValueBytes = 1 << 20, ShardCount = 1 }, time);
        var registry = new ShardRegistry(_store, SiloAddress.New(IPAddress.Loopback, 1, 1), hasGates: false, time);
        var lease = new ServingLease(_store, time);
        Local = new LocalCache(
            registry,
            router: null!,
            view: null!,
            values: null!,
            flush: null!,
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

    public void Dispose() => _store.Dispose();
}
