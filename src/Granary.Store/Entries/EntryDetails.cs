namespace Granary.Store.Entries;

/// <summary>All that is known of an entry that was read, as it was before.</summary>
public readonly record struct EntryDetails
{
    /// <summary>Length, flags, cas and expiration.</summary>
    public EntryInfo Entry { get; init; }

    /// <summary>Its marks. A token that this reader has got is not among them.</summary>
    public EntryMarks Marks { get; init; }

    /// <summary>Time since it was used last, if that was wanted: exact for hours, then to some percent. Seconds.</summary>
    public long SecondsUnused { get; init; }

    /// <summary>What it takes in memory, with key and header. Bytes.</summary>
    public int RecordBytes { get; init; }

    /// <summary>
    /// Whether the value may be kept: its next change will be in <see cref="CacheStore.Changes"/>. Not so if nobody reads them,
    /// if it is stale, or the shard is to be flushed.
    /// </summary>
    public bool IsWatched { get; init; }

    /// <summary>The hashes of its tags, if it is watched.</summary>
    public ReadOnlyMemory<ulong> Tags { get; init; }

    /// <summary>Whether it was created by this read.</summary>
    public bool IsCreated { get; init; }

    /// <summary>Whether this reader is the one who is to store it anew.</summary>
    public bool HasWon { get; init; }
}
