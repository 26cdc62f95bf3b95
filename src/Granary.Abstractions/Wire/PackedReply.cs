namespace Granary.Wire;

/// <summary>The answer to one operation, read in place from a packed reply.</summary>
public readonly ref struct PackedReply
{
    /// <summary>How the operation ended.</summary>
    public CacheStatus Status { get; init; }

    /// <summary>The client's flags, on a hit.</summary>
    public uint Flags { get; init; }

    /// <summary>The entry's cas after the operation: on a hit, a store and a count.</summary>
    public ulong Cas { get; init; }

    /// <summary>The value on a hit; empty if it is <see cref="CacheStatus.Paged"/>.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Hashes of the entry's tags, 8 bytes each (little endian), if it is <see cref="StateBits.Watched"/>.</summary>
    public ReadOnlySpan<byte> Tags { get; init; }

    /// <summary>The new number, after a count.</summary>
    public ulong Number { get; init; }

    /// <summary>What else is known of the entry, after an operation with options.</summary>
    public EntryState State { get; init; }
}
