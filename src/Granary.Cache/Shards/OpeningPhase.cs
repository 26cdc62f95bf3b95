namespace Granary.Cache.Shards;

/// <summary>How far an activation has come.</summary>
internal enum OpeningPhase
{
    /// <summary>To claim the shard, at first or again.</summary>
    New,

    /// <summary>Asking every silo what it holds.</summary>
    Inquiring,

    /// <summary>Telling every silo that it will serve.</summary>
    Announcing,

    /// <summary>It serves, or has been given away, or has ended.</summary>
    Done,
}
