namespace Granary.Wire;

/// <summary>Asks a shard for a page of its keys.</summary>
[GenerateSerializer, Immutable, Alias("granary.ScanRequest")]
public sealed class ScanRequest
{
    /// <summary>What the keys begin with: up to <see cref="WireLimits.MaxKeyBytes"/> bytes; none: all keys.</summary>
    [Id(0)]
    public required ReadOnlyMemory<byte> Prefix { get; init; }

    /// <summary>From the reply before.</summary>
    [Id(1)]
    public ulong Origin { get; init; }

    /// <summary>From the reply before.</summary>
    [Id(2)]
    public ulong Next { get; init; }
}
