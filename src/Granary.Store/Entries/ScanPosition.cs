namespace Granary.Store.Entries;

/// <summary>How far a walk over a shard's keys has come; <see langword="default"/> is its beginning.</summary>
/// <param name="Origin">The store that it is of: to another one it says nothing.</param>
/// <param name="Next">The place of the next key, in the store's own order.</param>
/// <param name="IsEnd">Whether all keys have been seen.</param>
public readonly record struct ScanPosition(ulong Origin, ulong Next, bool IsEnd);
