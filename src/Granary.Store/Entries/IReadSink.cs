namespace Granary.Store.Entries;

/// <summary>Takes the entry that a read with options has found. A struct type parameter as <see cref="IEntrySink"/>.</summary>
public interface IReadSink
{
    /// <summary>Whether it takes a value: asked before anything changes, if the value is wanted.</summary>
    /// <param name="valueLength">Bytes.</param>
    /// <param name="isPinned">Whether it spans segments.</param>
    bool Takes(int valueLength, bool isPinned);

    /// <summary>Takes a value that lies in one piece.</summary>
    /// <param name="details">The entry.</param>
    /// <param name="value">As of <see cref="IEntrySink"/>; empty if it is not wanted.</param>
    void Accept(in EntryDetails details, ReadOnlySpan<byte> value);

    /// <summary>Takes a value that spans segments. The sink owns it and disposes of it.</summary>
    /// <param name="details">The entry.</param>
    /// <param name="value">As of <see cref="IEntrySink"/>.</param>
    void Accept(in EntryDetails details, PinnedValue value);
}
