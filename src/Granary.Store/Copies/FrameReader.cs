namespace Granary.Store.Copies;

/// <summary>Reads the records of a frame, and checks that they follow each other as they may.</summary>
internal ref struct FrameReader
{
    private readonly bool _mayHaveWindows;
    private readonly bool _mayHaveMarks;
    private readonly bool _mayHaveTags;
    private readonly bool _mayHavePrefixes;
    private ReadOnlySpan<byte> _rest;
    private int _arriving;
    private int _received;

    /// <param name="frame">A frame.</param>
    /// <param name="header">Its header.</param>
    /// <param name="arriving">Length of the value whose parts must come first; 0 for none.</param>
    /// <param name="received">Bytes of it that have come.</param>
    public FrameReader(ReadOnlySpan<byte> frame, in FrameHeader header, int arriving, int received)
    {
        _mayHaveWindows = header.MayHaveWindows;
        _mayHaveMarks = header.MayHaveMarks;
        _mayHaveTags = header.MayHaveTags;
        _mayHavePrefixes = header.MayHavePrefixes;
        _rest = frame[FrameHeader.Bytes..];
        _arriving = arriving;
        _received = received;
    }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads the next record.</summary>
    /// <returns><see langword="false"/> if it is malformed, or not what must come.</returns>
    public bool TryRead(out FrameRecord record)
    {
        if (!FrameRecord.TryRead(_rest, out record, out int length)
            || (!record.Window.IsNone && !_mayHaveWindows)
            || (record.HasMarks && !_mayHaveMarks)
            || (!record.Tags.IsEmpty && !_mayHaveTags)
            || (record.Kind == FrameRecordKind.PrefixDrop && !_mayHavePrefixes)
            || (record.Kind == FrameRecordKind.Part) != (_arriving > 0)
            || !TryFollow(record.Kind, record.Offset, record.Info.ValueLength, record.Value.Length))
        {
            return false;
        }

        _rest = _rest[length..];
        return true;
    }

    private bool TryFollow(FrameRecordKind kind, int offset, int wholeLength, int partLength)
    {
        if (kind == FrameRecordKind.LongEntry)
        {
            _arriving = wholeLength;
            _received = 0;
        }
        else if (kind == FrameRecordKind.Part)
        {
            if (offset != _received || partLength > _arriving - _received)
            {
                return false;
            }

            _received += partLength;
            _arriving = _received == _arriving ? 0 : _arriving;
        }

        return true;
    }
}
