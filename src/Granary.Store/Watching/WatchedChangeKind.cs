namespace Granary.Store.Watching;

/// <summary>What those are told who keep values that they have read.</summary>
public enum WatchedChangeKind
{
    /// <summary>An entry was changed: <see cref="WatchedChange.Subject"/> is XxHash3 of its key.</summary>
    Entry = 1,

    /// <summary>The entries of a tag were dropped: the subject is its hash.</summary>
    Tag = 2,

    /// <summary>A shard is served from now on, or was flushed: what was read of it before counts no more. The subject is its number.</summary>
    ShardBegun = 3,

    /// <summary>A shard is served here no more. The subject is its number.</summary>
    ShardEnded = 4,
}
