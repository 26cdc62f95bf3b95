namespace Granary.Shards;

/// <summary>What a silo holds of a shard that it does not serve.</summary>
[GenerateSerializer]
public enum CopyKind : byte
{
    /// <summary>Nothing, or nothing that may be served.</summary>
    None,

    /// <summary>What it served itself until its activation ended.</summary>
    Parked,

    /// <summary>Entries on their way to this silo, which will serve them when the move is complete.</summary>
    Move,

    /// <summary>A replica of what the owner has.</summary>
    Replica,
}
