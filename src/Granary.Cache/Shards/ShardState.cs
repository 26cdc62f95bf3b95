namespace Granary.Cache.Shards;

/// <summary>What a shard is on this silo.</summary>
internal enum ShardState
{
    /// <summary>Not active here.</summary>
    Closed,

    /// <summary>Active here, but not all other silos have answered yet.</summary>
    Opening,

    /// <summary>Served here.</summary>
    Open,

    /// <summary>Active here, and not served any more: the rest of it is on its way to the next owner.</summary>
    Sealed,
}
