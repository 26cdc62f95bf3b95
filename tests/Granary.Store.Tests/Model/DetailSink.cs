using Granary.Store.Entries;

namespace Granary.Store.Tests.Model;

/// <summary>Copies what a read with options hands over, if it takes it.</summary>
internal struct DetailSink(bool declines = false) : IReadSink
{
    public EntryDetails Details { get; private set; }

    public byte[]? Value { get; private set; }

    public bool WasPinned { get; private set; }

    public readonly bool Takes(int valueLength, bool isPinned) => !declines;

    public void Accept(in EntryDetails details, ReadOnlySpan<byte> value)
    {
        Details = details;
        Value = value.ToArray();
    }

    public void Accept(in EntryDetails details, PinnedValue value)
    {
        using (value)
        {
            Details = details;
            Value = new byte[value.Length];
            value.CopyTo(0, Value);
            WasPinned = true;
        }
    }
}
