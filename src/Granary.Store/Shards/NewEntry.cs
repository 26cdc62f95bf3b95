using Granary.Store.Entries;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>An entry to be written into one record: its value is given in two parts, for append and prepend.</summary>
internal readonly ref struct NewEntry
{
    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> First { get; init; }

    public ReadOnlySpan<byte> Second { get; init; }

    public uint Flags { get; init; }

    /// <summary>UTC milliseconds since 1970; 0 for never.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>How reads put that off.</summary>
    public SlidingWindow Window { get; init; }

    public ulong Cas { get; init; }

    /// <summary>Whether the record is to have a field for a cas that a client has chosen.</summary>
    public bool HasGivenCas { get; init; }

    /// <summary>That cas; 0 for none.</summary>
    public ulong GivenCas { get; init; }

    public EntryMarks Marks { get; init; }

    /// <summary>The hashes of its tags, 8 bytes each. In the record that it replaces: see <see cref="KeepsOldBytes"/>.</summary>
    public ReadOnlySpan<byte> Tags { get; init; }

    /// <summary>Positions since its last use; 0 for one that is used now.</summary>
    public uint Age { get; init; }

    /// <summary>Whether it was written long ago, elsewhere: it goes to the import bins.</summary>
    public bool IsOld { get; init; }

    /// <summary>Positions over which the ages of old entries are spread.</summary>
    public uint AgeSpan { get; init; }

    /// <summary>Whether value or tags lie in the record that it replaces, which so cannot be written over.</summary>
    public bool KeepsOldBytes { get; init; }

    public RecordHead Head => new()
    {
        Key = Key,
        ValueLength = ValueLength,
        Flags = Flags,
        ExpiresAt = ExpiresAt,
        Window = Window,
        HasGivenCas = HasGivenCas,
        GivenCas = GivenCas,
        Marks = Marks,
        Tags = Tags,
    };

    public int ValueLength => First.Length + Second.Length;

    /// <summary>The cas that clients see.</summary>
    public ulong VisibleCas => GivenCas != 0 ? GivenCas : Cas;

    public long RecordBytes => Record.BytesFor(
        Key.Length, Tags.Length, ValueLength, ExpiresAt != 0, !Window.IsNone, HasGivenCas, Flags != 0);
}
