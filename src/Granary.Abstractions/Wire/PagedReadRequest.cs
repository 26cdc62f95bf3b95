namespace Granary.Wire;

/// <summary>Asks the owner for a value that is too long for a batch.</summary>
[GenerateSerializer, Immutable, Alias("granary.PagedReadRequest")]
public sealed class PagedReadRequest
{
    /// <summary>1 to <see cref="WireLimits.MaxKeyBytes"/> bytes.</summary>
    [Id(0)]
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>A new expiration for the entry (<see cref="WireExpiration"/>), or none.</summary>
    [Id(1)]
    public long? Expiration { get; init; }

    /// <summary>
    /// What else is done, as by <see cref="CacheOperation.ReadWith"/>; <see cref="Expiration"/> then counts if they say so.
    /// Builds that do not know them read.
    /// </summary>
    [Id(2)]
    public OperationOptions? Options { get; init; }
}
