using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Services;

/// <summary>Copies the first page of a value; keeps the value pinned if that is not all.</summary>
internal struct PageSink : IEntrySink, IReadSink
{
    public EntryInfo Entry { get; private set; }

    /// <summary>Whether it was read with options, and so there are <see cref="Details"/>.</summary>
    public bool HasDetails { get; private set; }

    public EntryDetails Details { get; private set; }

    public byte[] Page { get; private set; }

    public PinnedValue? Pinned { get; private set; }

    public readonly bool Takes(int valueLength, bool isPinned) => true;

    public void Accept(in EntryDetails details, ReadOnlySpan<byte> value)
    {
        HasDetails = true;
        Details = details;
        Accept(details.Entry, value);
    }

    public void Accept(in EntryDetails details, PinnedValue value)
    {
        HasDetails = true;
        Details = details;
        Accept(details.Entry, value);
    }

    public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value)
    {
        Entry = entry;
        Page = value.ToArray();
    }

    public void Accept(in EntryInfo entry, PinnedValue value)
    {
        Entry = entry;
        Page = new byte[Math.Min(WireLimits.PageBytes, value.Length)];
        value.CopyTo(0, Page);
        if (Page.Length == value.Length)
        {
            value.Dispose();
        }
        else
        {
            Pinned = value;
        }
    }
}
