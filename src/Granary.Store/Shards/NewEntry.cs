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

    /// <summary>Positions since its last use; 0 for one that is used now.</summary>
    public uint Age { get; init; }

    /// <summary>Whether it was written long ago, elsewhere: it goes to the import bins.</summary>
    public bool IsOld { get; init; }

    /// <summary>Positions over which the ages of old entries are spread.</summary>
    public uint AgeSpan { get; init; }

    /// <summary>Whether a part of the value lies in the record that it replaces, which so cannot be written over.</summary>
    public bool KeepsOldBytes { get; init; }

    public int ValueLength => First.Length + Second.Length;

    public long RecordBytes =>
        Record.BytesFor(Key.Length, ValueLength, ExpiresAt != 0, !Window.IsNone, Flags != 0);
}
