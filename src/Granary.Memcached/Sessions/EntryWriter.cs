using Granary.Memcached.Protocol;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions;

/// <summary>Writes a hit as the store finds it: VALUE line, value, CR LF, in one pass into the output.</summary>
/// <param name="output">The output.</param>
/// <param name="key">The key.</param>
/// <param name="withCas">Whether the line has the cas.</param>
internal ref struct EntryWriter(OutputBuffer output, ReadOnlySpan<byte> key, bool withCas) : IEntrySink
{
    private readonly ReadOnlySpan<byte> _key = key;

    /// <summary>The value, if it spans segments: nothing was written.</summary>
    public PinnedValue? Pinned { get; private set; }

    /// <summary>The entry of a pinned value.</summary>
    public EntryInfo Entry { get; private set; }

    /// <summary>The value's, of a hit. Bytes.</summary>
    public int ValueLength { get; private set; }

    public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value)
    {
        ValueLength = value.Length;
        Span<byte> target = output.GetSpan(ReplyWriter.MaxValueHeaderLength + value.Length + 2);
        int length = WriteHeader(target, entry);
        value.CopyTo(target[length..]);
        length += value.Length;
        target[length] = (byte)'\r';
        target[length + 1] = (byte)'\n';
        output.Advance(length + 2);
    }

    public void Accept(in EntryInfo entry, PinnedValue value)
    {
        Pinned = value;
        Entry = entry;
        ValueLength = entry.ValueLength;
    }

    /// <summary>Writes the VALUE line alone.</summary>
    public readonly void WriteHeader(in EntryInfo entry)
    {
        Span<byte> target = output.GetSpan(ReplyWriter.MaxValueHeaderLength);
        output.Advance(WriteHeader(target, entry));
    }

    private readonly int WriteHeader(Span<byte> target, in EntryInfo entry) => withCas
        ? ReplyWriter.WriteValueHeader(target, _key, entry.Flags, entry.ValueLength, entry.Cas)
        : ReplyWriter.WriteValueHeader(target, _key, entry.Flags, entry.ValueLength);
}
