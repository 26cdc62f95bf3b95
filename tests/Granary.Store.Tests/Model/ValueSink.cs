using Granary.Store.Entries;

namespace Granary.Store.Tests.Model;

/// <summary>Copies what a read hands over.</summary>
internal struct ValueSink : IEntrySink
{
    public EntryInfo Entry { get; private set; }

    public byte[]? Value { get; private set; }

    public bool WasPinned { get; private set; }

    public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value)
    {
        Entry = entry;
        Value = value.ToArray();
    }

    public void Accept(in EntryInfo entry, PinnedValue value)
    {
        using (value)
        {
            Entry = entry;
            Value = new byte[value.Length];
            value.CopyTo(0, Value);
            WasPinned = true;
        }
    }
}
