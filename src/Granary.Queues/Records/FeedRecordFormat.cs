using Granary.Queues.Partitions;

namespace Granary.Queues.Records;

/// <summary>Feed records as bytes, behind their kind.</summary>
internal static class FeedRecordFormat
{
    public static void Write(ByteWriter target, FeedRecord record)
    {
        target.WriteByte((byte)record.Kind);
        target.WriteNumber(record.Offset);
        switch (record.Kind)
        {
            case RecordKind.Taken:
                WriteTaken(target, record);
                break;
            case RecordKind.Sought:
                target.WriteNumber(record.NotBefore);
                target.WriteNumber(record.Epoch);
                break;
            case RecordKind.Needed:
                target.WriteGuid(record.Subscription);
                target.WriteNumber(record.Epoch);
                break;
        }
    }

    public static FeedRecord Read(ByteReader source, RecordKind kind)
    {
        FeedRecord record = new(kind, source.ReadNumber());
        return kind switch
        {
            RecordKind.Taken => ReadTaken(source, record),
            RecordKind.Sought => record with { NotBefore = source.ReadNumber(), Epoch = source.ReadNumber() },
            RecordKind.Needed => record with { Subscription = source.ReadGuid(), Epoch = source.ReadNumber() },
            _ => record,
        };
    }

    private static void WriteTaken(ByteWriter target, FeedRecord record)
    {
        target.WriteNumber(record.NotBefore);
        target.WriteNumber(record.Ranges.Count);
        foreach (ReadyRange range in record.Ranges)
        {
            range.Write(target);
        }

        target.WriteNumber(record.Messages.Count);
        foreach (StoredMessage message in record.Messages)
        {
            target.WriteNumber(message.Offset);
            target.WriteNumber(message.EnqueuedAt);
            target.WriteNumber(message.DueAt);
            target.WriteNumber(message.ExpiresAt);
            target.WriteText(message.Group);
        }
    }

    private static FeedRecord ReadTaken(ByteReader source, FeedRecord record)
    {
        record = record with { NotBefore = source.ReadNumber() };
        ReadyRange[] ranges = new ReadyRange[source.ReadCount()];
        for (int index = 0; index < ranges.Length; index++)
        {
            ranges[index] = ReadyRange.Read(source);
        }

        StoredMessage[] messages = new StoredMessage[source.ReadCount()];
        for (int index = 0; index < messages.Length; index++)
        {
            messages[index] = new StoredMessage(
                source.ReadNumber(), source.ReadNumber(), source.ReadNumber(), source.ReadNumber(), null, source.ReadText(), default, default);
        }

        return record with { Ranges = ranges, Messages = messages };
    }
}
