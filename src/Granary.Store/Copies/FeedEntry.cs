using Granary.Store.Entries;
using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Copies;

/// <summary>An entry, as frames say it. The shard's lock is held.</summary>
internal static unsafe class FeedEntry
{
    /// <summary>What is said of an entry, but for its value. It lies in the record.</summary>
    public static FrameRecord Describe(SegmentPool pool, Record* record, FrameRecordKind kind, bool isChange)
    {
        EntryInfo info = EntryInfo.Of(record) with { Cas = record->Cas };
        SlidingWindow window = Record.Window(record);
        return new FrameRecord
        {
            Kind = kind,
            Key = Record.Key(record),
            Info = window.IsNone ? info : info with { ExpiresAt = window.ExpiryOfCopy(info.ExpiresAt) },
            GivenCas = Record.GivenCas(record),
            Marks = record->Marks,
            Tags = Record.Tags(record),
            Window = window,
            IsChange = isChange,
            Age = (long)(pool.Position - record->LastUse) * pool.SegmentBytes,
        };
    }

    /// <summary>Copies its value, which may lie in several segments.</summary>
    public static void CopyValue(SegmentPool pool, ulong slot, Record* record, Span<byte> value)
    {
        if (record->IsChained)
        {
            pool.CopyFromChain(IndexEntry.LocationOf(slot).Segment, record->ValueOffset, value);
        }
        else
        {
            Record.Value(record).CopyTo(value);
        }
    }
}
