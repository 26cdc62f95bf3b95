using Granary.Store.Entries;

namespace Granary.Store.Memory;

/// <summary>What is written before a record's value.</summary>
internal readonly ref struct RecordHead
{
    public ReadOnlySpan<byte> Key { get; init; }

    public int ValueLength { get; init; }

    public uint Flags { get; init; }

    /// <summary>UTC milliseconds since 1970; 0: the record has no field for it. The greatest number is never.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>How reads put that off.</summary>
    public SlidingWindow Window { get; init; }

    /// <summary>Whether the record has a field for a cas that a client has chosen.</summary>
    public bool HasGivenCas { get; init; }

    /// <summary>That cas; 0 for none.</summary>
    public ulong GivenCas { get; init; }

    public EntryMarks Marks { get; init; }

    /// <summary>The hashes of its tags, 8 bytes each.</summary>
    public ReadOnlySpan<byte> Tags { get; init; }
}
