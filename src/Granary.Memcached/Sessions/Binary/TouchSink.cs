using Granary.Store.Entries;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>Takes the entry of a touch, whose value nobody wants.</summary>
internal struct TouchSink : IEntrySink
{
    /// <summary>The entry.</summary>
    public EntryInfo Entry { get; private set; }

    public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value) => Entry = entry;

    public void Accept(in EntryInfo entry, PinnedValue value)
    {
        Entry = entry;
        value.Dispose();
    }
}
