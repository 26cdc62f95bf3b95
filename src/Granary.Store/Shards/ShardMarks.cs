namespace Granary.Store.Shards;

/// <summary>What holds for a whole shard, beside its entries.</summary>
/// <param name="NextCas">Above every cas that was given.</param>
/// <param name="FlushedBelowCas">Entries with a lower cas are gone.</param>
/// <param name="FlushAt">When everything will be gone. UTC milliseconds since 1970; 0 for never.</param>
internal readonly record struct ShardMarks(ulong NextCas, ulong FlushedBelowCas, long FlushAt);
