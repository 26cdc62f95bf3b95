namespace Granary.Cache.Shards;

/// <summary>What a shard is on this silo.</summary>
internal enum ShardState
{
    /// <summary>Not active here.</summary>
    Closed,

    /// <summary>Active here, but the other silos have not all answered yet.</summary>
    Opening,

    /// <summary>Served here.</summary>
    Open,
}
