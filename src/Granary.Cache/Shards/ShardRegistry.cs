using Granary.Store;

namespace Granary.Cache.Shards;

// The grain says who holds a shard; the bytes are here, in one store for the whole silo, so that
//  - whoever is in the silo (the memcached gateway, the batch service, a grain) uses them with no grain message;
//  - an activation that the directory takes away and gives back to this silo does not lose them.
//
// A shard is closed, opening or open here. Its term grows by one with every activation anywhere: an activation asks all
// silos for the highest term they have served (ShardOpener). Entries of a shard that was closed are *parked*. They are
// adopted by the next activation on this silo only if nobody else can have served the shard since: no silo has a higher
// term, all have answered, and none has left the cluster. Else they are dropped: a miss is better than an old value.

/// <summary>The shards of this silo. Thread-safe.</summary>
internal sealed class ShardRegistry(CacheStore store)
{
    private readonly Lock _lock = new();
    private readonly ShardSlot[] _slots = [.. Enumerable.Range(0, store.Options.ShardCount).Select(_ => new ShardSlot())];

    /// <summary>The entries. An operation on a shard that is not open here answers NotOpen and does nothing.</summary>
    public CacheStore Store { get; } = store;

    public int ShardCount => _slots.Length;

    /// <summary>Shards that are open.</summary>
    public int OpenCount
    {
        get
        {
            lock (_lock)
            {
                return _slots.Count(slot => slot.State == ShardState.Open);
            }
        }
    }

    /// <summary>An activation of the shard begins: it is not served before <see cref="Open"/>.</summary>
    /// <returns>Names this activation.</returns>
    public long BeginOpening(int shard, IGrainContext activation)
    {
        lock (_lock)
        {
            ShardSlot slot = _slots[shard];
            Close_NeedsLock(shard, slot);
            slot.State = ShardState.Opening;
            slot.Activation = activation;
            return ++slot.Incarnation;
        }
    }

    /// <summary>Serves the shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="incarnation">What <see cref="BeginOpening"/> returned; an older one does nothing.</param>
    /// <param name="highestTerm">The highest term that another silo has served.</param>
    /// <param name="departures">Silos that have left the cluster so far.</param>
    public void Open(int shard, long incarnation, long highestTerm, int departures)
    {
        lock (_lock)
        {
            ShardSlot slot = _slots[shard];
            if (slot.Incarnation != incarnation || slot.State != ShardState.Opening)
            {
                return;
            }

            bool adopts = slot.IsParked && highestTerm < slot.Term && slot.DeparturesWhenParked == departures;
            if (!adopts)
            {
                Store.Clear(shard);
            }

            slot.IsParked = false;
            slot.Term = Math.Max(slot.Term, highestTerm) + 1;
            slot.State = ShardState.Open;
            Store.Open(shard);
        }
    }

    /// <summary>Stops serving the shard and parks its entries. When this returns no operation on it is under way.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="incarnation">What <see cref="BeginOpening"/> returned; an older one does nothing.</param>
    /// <param name="departures">Silos that have left the cluster so far.</param>
    public void Close(int shard, long incarnation, int departures)
    {
        lock (_lock)
        {
            ShardSlot slot = _slots[shard];
            if (slot.Incarnation == incarnation)
            {
                slot.DeparturesWhenParked = departures;
                Close_NeedsLock(shard, slot);
            }
        }
    }

    /// <summary>
    /// Another silo has activated these shards and asks for their terms. Whatever is here of them is old now: parked
    /// entries are dropped, and an activation that the directory has forgotten stops serving.
    /// </summary>
    /// <returns>The highest term of each that was served here; 0 for never.</returns>
    public long[] Yield(ReadOnlySpan<int> shards)
    {
        long[] terms = new long[shards.Length];
        lock (_lock)
        {
            for (int index = 0; index < shards.Length; index++)
            {
                ShardSlot slot = _slots[shards[index]];
                terms[index] = slot.Term;
                if (slot.State == ShardState.Open)
                {
                    slot.Activation?.Deactivate(new DeactivationReason(
                        DeactivationReasonCode.ApplicationRequested, "Another silo has activated this shard."));
                    Close_NeedsLock(shards[index], slot);
                }

                if (slot.IsParked)
                {
                    Store.Clear(shards[index]);
                    slot.IsParked = false;
                }
            }
        }

        return terms;
    }

    /// <summary>The activation that holds the shard here, if there is one.</summary>
    public IGrainContext? ActivationOf(int shard)
    {
        lock (_lock)
        {
            return _slots[shard].State == ShardState.Closed ? null : _slots[shard].Activation;
        }
    }

    private void Close_NeedsLock(int shard, ShardSlot slot)
    {
        if (slot.State == ShardState.Open)
        {
            Store.Close(shard);
            slot.IsParked = true;
        }

        slot.State = ShardState.Closed;
        slot.Activation = null;
    }
}
