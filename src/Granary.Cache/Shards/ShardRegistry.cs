using Granary.Shards;
using Granary.Store;

namespace Granary.Cache.Shards;

// The grain says who holds a shard; the bytes are here, in one store for the whole silo, so that
//  - whoever is in the silo (the memcached gateway, the batch service, a grain) uses them with no grain message;
//  - an activation that the directory takes away and gives back to this silo does not lose them.

/// <summary>The shards of this silo. Thread-safe.</summary>
internal sealed class ShardRegistry
{
    // A copy that its owner has not confirmed for this long is dropped: the owner may have given it up, or gone on without.
    private static readonly TimeSpan CopySilence = TimeSpan.FromSeconds(10);

    private readonly ShardSlot[] _slots;

    /// <param name="store">The silo's entries.</param>
    /// <param name="self">This silo.</param>
    /// <param name="hasGates">Whether answers may have to wait for replicas.</param>
    /// <param name="time">The clock.</param>
    public ShardRegistry(CacheStore store, SiloAddress self, bool hasGates, TimeProvider time)
    {
        HasGates = hasGates;
        Store = store;
        Self = self;
        _slots = [.. Enumerable.Range(0, store.Options.ShardCount)
            .Select(shard => new ShardSlot(shard, store, self, time))];
    }

    /// <summary>The entries. An operation on a shard that is not open here answers NotOpen and does nothing.</summary>
    public CacheStore Store { get; }

    public SiloAddress Self { get; }

    /// <summary>Whether answers may have to wait for replicas.</summary>
    public bool HasGates { get; }

    public int ShardCount => _slots.Length;

    /// <summary>Shards that are open.</summary>
    public int OpenCount => _slots.Count(slot => slot.State == ShardState.Open);

    /// <summary>Shards of which there is anything here: an activation, or entries that somebody may still want.</summary>
    public int HeldCount => _slots.Count(slot => slot.State != ShardState.Closed || slot.Copy != CopyKind.None);

    public ShardSlot this[int shard] => _slots[shard];

    /// <summary>Drops the entries of every shard that is held here, served or not: at a time, or at once.</summary>
    /// <param name="atUnixMilliseconds">UTC.</param>
    /// <returns>The shards that were served here: who wants all flushed goes on until each was flushed by its owner.</returns>
    public int[] Flush(long atUnixMilliseconds)
    {
        var served = new List<int>();
        for (int shard = 0; shard < _slots.Length; shard++)
        {
            if (Store.Flush(shard, atUnixMilliseconds))
            {
                served.Add(shard);
            }
        }

        return [.. served];
    }

    /// <summary>Drops copies that nobody will complete or serve.</summary>
    public void Expire(Func<SiloAddress, bool> isActive)
    {
        foreach (ShardSlot slot in _slots)
        {
            slot.Expire(isActive, CopySilence, isAwaited: HasGates);
        }
    }
}
