namespace Granary.Shards;

/// <summary>What a silo holds of one shard.</summary>
[GenerateSerializer, Immutable, Alias("granary.ShardAnswer")]
public readonly record struct ShardAnswer
{
    /// <summary>The highest term this silo has promised to follow: the claim's own if it was accepted.</summary>
    [Id(0)]
    public required long Promised { get; init; }

    /// <summary>The highest term that it knows to have been served.</summary>
    [Id(1)]
    public required long Announced { get; init; }

    /// <summary>What it holds.</summary>
    [Id(2)]
    public required CopyKind Copy { get; init; }

    /// <summary>The term at which the copy was made.</summary>
    [Id(3)]
    public required long CopyTerm { get; init; }

    /// <summary>How many changes of that term the copy has: the higher, the newer.</summary>
    [Id(4)]
    public required long Changes { get; init; }
}
