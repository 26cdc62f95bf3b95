namespace Granary.Wire;

/// <summary>A page of a shard's keys.</summary>
[GenerateSerializer, Immutable, Alias("granary.ScanReply")]
public sealed class ScanReply
{
    /// <summary>About the most bytes of keys in one page.</summary>
    public const int MaxKeyBytes = 64 << 10;

    /// <summary><see cref="CacheStatus.Success"/> or NotOwner.</summary>
    [Id(0)]
    public required CacheStatus Status { get; init; }

    /// <summary>The keys; there may be none though others follow.</summary>
    [Id(1)]
    public byte[][] Keys { get; init; } = [];

    /// <summary>Where the next page begins. Another silo, or the same one started anew, begins with the shard's first key.</summary>
    [Id(2)]
    public ulong Origin { get; init; }

    /// <inheritdoc cref="Origin"/>
    [Id(3)]
    public ulong Next { get; init; }

    /// <summary>Whether this is the last page.</summary>
    [Id(4)]
    public bool IsEnd { get; init; }
}
