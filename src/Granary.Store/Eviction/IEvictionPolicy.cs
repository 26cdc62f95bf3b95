using Granary.Store.Memory;

namespace Granary.Store.Eviction;

/// <summary>
/// What leaves when room is needed, and where that goes which stays. Of the evictor, which has one thread at a time.
/// </summary>
internal unsafe interface IEvictionPolicy
{
    /// <summary>The segment to be emptied next.</summary>
    Victim Choose();

    /// <summary>Gives a claimed segment back with a new rank, if nearly all of it would be kept.</summary>
    /// <param name="victim">Not one that was chosen for its dead bytes.</param>
    /// <returns>Whether it has: then nothing of it is to be evicted now.</returns>
    bool TryKeepWhole(in Victim victim);

    /// <summary>Finds a place for a live record if it is to be kept. Its shard's lock is held.</summary>
    /// <param name="record">The record; it is copied to that place as it is when this returns.</param>
    /// <param name="victim">Where it is.</param>
    /// <param name="target">Where it goes.</param>
    /// <returns><see langword="false"/> if it is to be evicted.</returns>
    bool TryKeep(Record* record, in Victim victim, out Location target);

    /// <summary>Gives a chained record a new rank if it is to be kept. Its shard's lock is held.</summary>
    /// <returns><see langword="false"/> if it is to be evicted.</returns>
    bool TryKeepChain(Record* record, in Victim victim);

    /// <summary>Ends every segment that is open for what is kept, so that it can be evicted.</summary>
    /// <returns>Whether there was any.</returns>
    bool SealAll();
}
