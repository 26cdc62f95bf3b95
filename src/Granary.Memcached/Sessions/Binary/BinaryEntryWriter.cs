using Granary.Memcached.Protocol.Binary;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>Writes a hit as the store finds it: header, flags, key, value, in one pass into the output.</summary>
/// <param name="output">The output.</param>
/// <param name="request">What is answered.</param>
internal ref struct BinaryEntryWriter(OutputBuffer output, BinaryRequest request) : IEntrySink
{
    private readonly BinaryRequest _request = request;

    /// <summary>The value, if it spans segments: nothing was written.</summary>
    public PinnedValue? Pinned { get; private set; }

    /// <summary>The entry of a pinned value.</summary>
    public EntryInfo Entry { get; private set; }

    /// <summary>The value's, of a hit. Bytes.</summary>
    public int ValueLength { get; private set; }

    public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value)
    {
        ValueLength = value.Length;
        Span<byte> target = output.GetSpan(MaxHeadLength + value.Length);
        int length = BinaryReplyWriter.WriteHit(target, _request, entry.Flags, value.Length, entry.Cas);
        value.CopyTo(target[length..]);
        output.Advance(length + value.Length);
    }

    public void Accept(in EntryInfo entry, PinnedValue value)
    {
        Pinned = value;
        Entry = entry;
    }

    /// <summary>Writes what comes before the value alone.</summary>
    public readonly void WriteHead(in EntryInfo entry)
    {
        Span<byte> target = output.GetSpan(MaxHeadLength);
        output.Advance(BinaryReplyWriter.WriteHit(target, _request, entry.Flags, entry.ValueLength, entry.Cas));
    }

    private readonly int MaxHeadLength => BinaryHeader.Length + BinaryReplyWriter.FlagsLength + _request.Key.Length;
}
