namespace Granary.Wire;

/// <summary>Begins to store a value that is too long for a batch.</summary>
[GenerateSerializer, Immutable, Alias("granary.PagedWriteRequest")]
public sealed record PagedWriteRequest
{
    /// <summary>A storage operation, <see cref="CacheOperation.Set"/> to <see cref="CacheOperation.CompareAndSet"/>.</summary>
    [Id(0)]
    public required CacheOperation Operation { get; init; }

    /// <summary>1 to <see cref="WireLimits.MaxKeyBytes"/> bytes.</summary>
    [Id(1)]
    public required ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The client's flags.</summary>
    [Id(2)]
    public uint Flags { get; init; }

    /// <summary>See <see cref="WireExpiration"/>.</summary>
    [Id(3)]
    public long Expiration { get; init; }

    /// <summary>For <see cref="CacheOperation.CompareAndSet"/>, else 0.</summary>
    [Id(4)]
    public ulong Cas { get; init; }

    /// <summary>Length of the whole value. Bytes.</summary>
    [Id(5)]
    public required int Length { get; init; }

    /// <summary>The first <see cref="WireLimits.PageBytes"/> of the value, or all of it.</summary>
    [Id(6)]
    public required ReadOnlyMemory<byte> Page { get; init; }

    /// <summary>See <see cref="PackedOperation.Window"/>.</summary>
    [Id(7)]
    public long Window { get; init; }

    /// <summary>
    /// What else is done, as by <see cref="CacheOperation.PutWith"/>. Builds that do not know them do the
    /// <see cref="Operation"/> alone, which is the options' mode.
    /// </summary>
    [Id(8)]
    public OperationOptions? Options { get; init; }
}
