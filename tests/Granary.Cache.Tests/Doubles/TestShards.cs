using System.Net;
using Granary.Cache.Shards;
using Granary.Store;

namespace Granary.Cache.Tests.Doubles;

/// <summary>A registry of one silo, without a cluster.</summary>
internal static class TestShards
{
    public static SiloAddress Self { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);

    public static SiloAddress Other { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);

    public static ShardRegistry Create(CacheStore store, TimeProvider time) => new(store, Self, hasGates: false, time);

    /// <summary>Activates a shard as a silo does that is alone.</summary>
    /// <returns>The term at which it is served.</returns>
    public static long OpenAlone(this ShardSlot slot, IShardActivation? activation = null, OpeningTicket? ticket = null)
    {
        var opening = new ShardOpening(0, slot.BeginOpening(activation!), ticket, slot, Self);
        opening.Advance([Self], viewVersion: 1, now: 0, noLeaseAt: 0);
        Assert.Equal(OpeningPhase.Done, opening.Phase);
        return slot.ServedTerm;
    }
}
