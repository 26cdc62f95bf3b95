using System.Buffers.Text;
using System.Runtime.CompilerServices;
using Granary.Memcached.Protocol;
using Granary.Store;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions;

/// <summary>
/// Writes a hit of mg in the common case, as the store finds the entry: line, value, CR LF, in one pass into the output. Its
/// flags say only what is answered. A command is not copied for it, which all others are.
/// </summary>
/// <param name="output">The output.</param>
/// <param name="key">The key, not in base64.</param>
/// <param name="flags">The request's; none if the answer repeats none of them.</param>
/// <param name="withValue">Whether the value is wanted.</param>
/// <param name="store">Whose entry it is.</param>
[SkipLocalsInit] // room for a key in base64, which most have no need of
internal ref struct MetaHitWriter(
    OutputBuffer output, ReadOnlySpan<byte> key, ReadOnlySpan<byte> flags, bool withValue, CacheStore store) : IReadSink
{
    private readonly ReadOnlySpan<byte> _key = key;
    private readonly ReadOnlySpan<byte> _flags = flags;

    /// <summary>The value that follows what was written.</summary>
    public PinnedValue? Pinned { get; private set; }

    /// <summary>The value's. Bytes.</summary>
    public int ValueLength { get; private set; }

    public readonly bool Takes(int valueLength, bool isPinned) => true;

    public void Accept(in EntryDetails details, ReadOnlySpan<byte> value)
    {
        ValueLength = details.Entry.ValueLength;
        Span<byte> target = output.GetSpan(MetaReplyWriter.MaxLength + value.Length + Reply.LineEnd.Length);
        int length = WriteLine(target, details);
        if (withValue)
        {
            value.CopyTo(target[length..]);
            length += value.Length;
            target[length++] = (byte)'\r';
            target[length++] = (byte)'\n';
        }

        output.Advance(length);
    }

    public void Accept(in EntryDetails details, PinnedValue value)
    {
        output.Advance(WriteLine(output.GetSpan(MetaReplyWriter.MaxLength), details));
        Pinned = value;
        ValueLength = value.Length;
    }

    private readonly int WriteLine(Span<byte> target, in EntryDetails details)
    {
        if (_flags.IsEmpty && (details.Marks | EntryMarks.Fetched) == EntryMarks.Fetched && !details.HasWon)
        {
            return MetaReplyWriter.WriteBare(target, withValue ? details.Entry.ValueLength : null);
        }

        var line = new MetaReply
        {
            Status = withValue ? default : "HD"u8,
            ValueLength = details.Entry.ValueLength,
            Flags = _flags,
            Known = "stcfh"u8,
            Key = _key,
            Cas = details.Entry.Cas,
            ClientFlags = details.Entry.Flags,
            Size = details.Entry.ValueLength,
            SecondsLeft = details.Entry.ExpiresAt == 0 || !_flags.Contains((byte)'t')
                ? -1
                : Expiration.SecondsLeft(details.Entry.ExpiresAt, store.UnixMilliseconds),
            IsFetched = (details.Marks & EntryMarks.Fetched) != EntryMarks.None,
            IsStale = (details.Marks & EntryMarks.Stale) != EntryMarks.None,
            IsTokenOut = (details.Marks & EntryMarks.TokenOut) != EntryMarks.None,
            HasWon = details.HasWon,
        };
        return (details.Marks & EntryMarks.BinaryKey) == EntryMarks.None
            ? MetaReplyWriter.Write(target, line)
            : WriteWithBinaryKey(target, line);
    }

    private static int WriteWithBinaryKey(Span<byte> target, scoped MetaReply line)
    {
        Span<byte> encoded = stackalloc byte[MetaReplyWriter.MaxLength];
        Base64.EncodeToUtf8(line.Key, encoded, out _, out int length);
        line.Key = encoded[..length];
        line.IsBinaryKey = true;
        return MetaReplyWriter.Write(target, line);
    }
}
