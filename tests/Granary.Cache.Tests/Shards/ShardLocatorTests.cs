using System.Collections.Frozen;
using System.Net;
using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Granary.Store;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Shards;

/// <summary>Which silo is asked for a shard while it is on its way.</summary>
public sealed class ShardLocatorTests : IDisposable
{
    private static readonly SiloAddress Third = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 3), 1);

    private readonly CacheStore _store;
    private readonly ShardRegistry _registry;
    private readonly ShardLocator _locator;

    public ShardLocatorTests()
    {
        var time = new FakeTimeProvider();
        _store = TestStore.Create(time);
        _registry = TestShards.Create(_store, time);
        _locator = new ShardLocator(_registry);
    }

    [Fact]
    public void Holder_OfAShardThatWasAnnounced_IsWhoAnnouncedItWhateverTheMapSays()
    {
        _registry[0].Announce(TestShards.Other, 1);

        foreach (ViewSnapshot view in ViewsOfAllOwners(draining: []))
        {
            Assert.Equal(TestShards.Other, _locator.HolderOf(0, view));
        }
    }

    [Fact]
    public void Holder_ThatDrains_IsAskedUntilAnotherAnnouncesTheShard()
    {
        ViewSnapshot view = View([TestShards.Self, Third], draining: [TestShards.Other]);
        _registry[0].Announce(TestShards.Other, 1);
        SiloAddress? before = _locator.HolderOf(0, view);

        _registry[0].Announce(Third, 2);

        Assert.Equal(TestShards.Other, before);
        Assert.Equal(Third, _locator.HolderOf(0, view));
    }

    [Fact]
    public void Holder_ThatHasLeft_IsReplacedByTheOneInTheMap()
    {
        _registry[0].Announce(TestShards.Other, 1);

        Assert.Equal(Third, _locator.HolderOf(0, View([Third], draining: [])));
    }

    [Fact]
    public void Holder_OfAShardServedHere_IsThisSilo()
    {
        _registry[0].OpenAlone();

        Assert.Equal(TestShards.Self, _locator.HolderOf(0, View([TestShards.Self], draining: [])));
    }

    [Fact]
    public void Holder_OfAShardThatAJoiningSiloIsToGet_IsItsHeir()
    {
        ViewSnapshot view = ViewsOfAllOwners(draining: []).First(view => TestShards.Self.Equals(view.OwnerOf(0)));

        Assert.Equal(view.HeirOf(0), _locator.HolderOf(0, view));
        Assert.NotNull(view.HeirOf(0));
    }

    // This silo has joined when the shard was served already, and nobody has announced it since.
    [Fact]
    public void Holder_OfAShardThatAnotherJoiningSiloIsToGet_IsWhoHadItByTheMap()
    {
        ViewSnapshot before = View([TestShards.Other, TestShards.Self], draining: []);
        _locator.Follow(before);
        SiloAddress? owner = before.OwnerOf(0);

        foreach (ViewSnapshot view in ViewsOfAllOwners(draining: []))
        {
            _locator.Follow(view);

            Assert.Equal(owner, _locator.HolderOf(0, view));
        }
    }

    [Fact]
    public void Holder_WithNobodyElse_IsThisSilo()
    {
        Assert.Equal(TestShards.Self, _locator.HolderOf(0, View([TestShards.Self], draining: [])));
        Assert.Null(_locator.HolderOf(0, View([], draining: [TestShards.Self])));
    }

    public void Dispose() => _store.Dispose();

    // Views of three silos under such names that each is once the owner.
    private static IEnumerable<ViewSnapshot> ViewsOfAllOwners(SiloAddress[] draining)
    {
        SiloAddress[] silos = [TestShards.Self, TestShards.Other, Third];
        for (int first = 0; first < silos.Length; first++)
        {
            yield return View([.. silos[first..], .. silos[..first]], draining);
        }
    }

    private static ViewSnapshot View(SiloAddress[] silos, SiloAddress[] draining) => new(
        membershipVersion: 1,
        shardCount: 1,
        silos.Index().ToFrozenDictionary(item => $"silo-{item.Index}", item => item.Item, StringComparer.Ordinal),
        draining);
}
