namespace Granary.Wire;

/// <summary>One operation, read in place from a packed batch. Its spans live as long as the batch's bytes.</summary>
public readonly ref struct PackedOperation
{
    /// <summary>What is asked for.</summary>
    public CacheOperation Operation { get; init; }

    /// <summary>1 to <see cref="WireLimits.MaxKeyBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The value of a storage operation; empty for the others.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The client's own flags, kept with the value.</summary>
    public uint Flags { get; init; }

    /// <summary>See <see cref="WireExpiration"/>.</summary>
    public long Expiration { get; init; }

    /// <summary>
    /// Milliseconds from the last read to the entry's expiry, of those that store an entry anew; 0: reads do not matter.
    /// <see cref="Expiration"/> says when it expires at the latest.
    /// </summary>
    public long Window { get; init; }

    /// <summary>The cas of a <see cref="CacheOperation.CompareAndSet"/>; the delta of a count.</summary>
    public ulong Number { get; init; }

    /// <summary>Of <see cref="CacheOperation.ReadWith"/> to <see cref="CacheOperation.CountWith"/>.</summary>
    public OperationOptions Options { get; init; }

    /// <summary>Whether it has options.</summary>
    public bool HasOptions => Operation is >= CacheOperation.ReadWith and <= CacheOperation.CountWith;

    /// <summary>
    /// How new a silo must be to know it: 0 any, 1 since there are options, 2 since there are tags. One that does not refuses
    /// the whole batch.
    /// </summary>
    public int Level => IsTagged ? 2 : HasOptions ? 1 : 0;

    /// <summary>Whether it travels as <see cref="CacheOperation.PutTagged"/>.</summary>
    internal bool IsTagged => Operation == CacheOperation.PutWith && (!Options.Tags.IsEmpty || Window != 0);

    /// <summary>Whether it changes nothing but marks.</summary>
    public bool IsRead => Operation == CacheOperation.Get
        || (Operation == CacheOperation.ReadWith
            && (Options.Bits & (OperationBits.Touches | OperationBits.Creates)) == OperationBits.None);
}
