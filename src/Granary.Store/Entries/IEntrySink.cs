namespace Granary.Store.Entries;

/// <summary>
/// Takes the entry that a read has found. A struct type parameter, so that the copy into the reader's buffer is compiled
/// into the read.
/// </summary>
public interface IEntrySink
{
    /// <summary>Takes a value that lies in one piece.</summary>
    /// <param name="entry">Its length, flags, cas and expiration.</param>
    /// <param name="value">
    /// Valid during the call only: the shard's lock is held. Copy it; do not call the store and do not wait.
    /// </param>
    void Accept(in EntryInfo entry, ReadOnlySpan<byte> value);

    /// <summary>Takes a value that spans segments. The sink owns it and disposes of it.</summary>
    /// <param name="entry">Its length, flags, cas and expiration.</param>
    /// <param name="value">Stays readable and unchanged, whatever happens to the entry, until it is disposed of.</param>
    void Accept(in EntryInfo entry, PinnedValue value);
}
