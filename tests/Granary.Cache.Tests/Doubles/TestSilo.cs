using System.Net;
using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Reports;
using Granary.Cache.Routing;
using Granary.Cache.Services;
using Granary.Cache.Shards;
using Granary.Cache.Watching;
using Granary.Store;
using Granary.Store.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Tests.Doubles;

/// <summary>
/// A silo without Orleans: its own parts are the real ones; the membership, the directory and the other silo
/// are doubles.
/// </summary>
internal sealed class TestSilo : ILocalSiloDetails, ISiloServices, IDisposable
{
    /// <param name="time">The clock.</param>
    /// <param name="other">The other silo; by default one that holds nothing.</param>
    /// <param name="grain">The shards' grain; by default one on a silo that holds nothing.</param>
    /// <param name="hasGates">Whether answers may have to wait for replicas.</param>
    /// <param name="shardCount">Of the cluster.</param>
    /// <param name="hasHotCopies">Whether it keeps copies of what is read often at the other silo.</param>
    /// <param name="namespaces">Of its store.</param>
    public TestSilo(
        TimeProvider time,
        FakePeer? other = null,
        FakePeer? grain = null,
        bool hasGates = false,
        int shardCount = 1,
        bool hasHotCopies = false,
        IReadOnlyList<StoreNamespace>? namespaces = null)
    {
        Other = other ?? new FakePeer(TestShards.Other);
        Grain = grain ?? new FakePeer(TestShards.Other);
        IOptions<CacheOptions> options = Options.Create(new CacheOptions { ShardCount = shardCount });
        Store = TestStore.Create(time, shardCount: shardCount, namespaces: namespaces);
        Registry = new ShardRegistry(Store, TestShards.Self, hasGates, time);
        Reach = new PeerReach(time);
        View = new ClusterView(Membership, this, this, Reach, options, time, NullLogger<ClusterView>.Instance);
        Locator = new ShardLocator(Registry);
        View.Changed += Locator.Follow;
        Lease = new ServingLease(Store, time);
        Times = new OperationTimes(time);
        Waits = new ChangeWaits(Registry, static () => { }, Times, time);
        HotReads = hasHotCopies ? new HotReads(View, Registry, time, NullLogger<HotReads>.Instance) : null;
        Router = new CacheRouter(
            View, Registry, Locator, Reach, FakeGrains.Of(Grain), Times, time, NullLogger<CacheRouter>.Instance, HotReads);
        Executor = new BatchExecutor(Registry, View, Router, Waits, Lease, Times);
        Directory = new SiloDirectory(View, Locator, options, NullLogger<SiloDirectory>.Instance);
    }

    public CacheStore Store { get; }

    public ShardRegistry Registry { get; }

    public FakeMembership Membership { get; } = new();

    public PeerReach Reach { get; }

    public ClusterView View { get; }

    public ShardLocator Locator { get; }

    public ServingLease Lease { get; }

    public ChangeWaits Waits { get; }

    public OperationTimes Times { get; }

    public HotReads? HotReads { get; }

    public CacheRouter Router { get; }

    public BatchExecutor Executor { get; }

    public SiloDirectory Directory { get; }

    /// <summary>The other silo.</summary>
    public FakePeer Other { get; }

    /// <summary>The shards' grain.</summary>
    public FakePeer Grain { get; }

    public string Name => FakeMembership.NameOf(TestShards.Self);

    public string ClusterId => "test";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress => TestShards.Self;

    public SiloAddress GatewayAddress { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 101), 0);

    /// <summary>The members from now on.</summary>
    public Task SeeAsync(params (SiloAddress Silo, SiloStatus Status)[] members)
    {
        Membership.Set(members);
        return View.FollowAsync(CancellationToken.None);
    }

    /// <summary>This silo and the other one are active.</summary>
    public Task SeeBothAsync() => SeeAsync((TestShards.Self, SiloStatus.Active), (TestShards.Other, SiloStatus.Active));

    public ICacheSiloService At(SiloAddress silo) =>
        silo.Equals(TestShards.Other) ? Other : throw new SiloUnavailableException($"{silo}");

    public ICacheSiloService AtGateway(IPEndPoint gateway) => Other;

    public void Dispose()
    {
        HotReads?.Dispose();
        Store.Dispose();
    }
}
