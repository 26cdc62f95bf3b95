
namespace Granary.Queues.Records;

/// <summary>
/// Records as bytes, one after another: kind, then its fields. A sent message has no offset of its own: a row's
/// messages are numbered from the row's first offset on.
/// </summary>
internal static class RecordFormat
{
    public static void WriteSent(ByteWriter target, StoredMessage message)
    {
        target.WriteByte((byte)RecordKind.Sent);
        target.WriteNumber(message.EnqueuedAt);
        target.WriteNumber(message.DueAt);
        target.WriteNumber(message.ExpiresAt);
        target.WriteText(message.MessageId);
        target.WriteText(message.Group);
        target.WriteBytes(message.Headers.Span);
        target.WriteBytes(message.Body.Span);
    }

    public static void Write(ByteWriter target, in QueueRecord record)
    {
        target.WriteByte((byte)record.Kind);
        target.WriteNumber(record.Offset);
        target.WriteNumber(record.At);
        if (IsShort(record.Kind))
        {
            return;
        }

        target.WriteNumber(record.Acquired);
        target.WriteNumber(record.Deliveries);
        target.WriteNumber(record.DueAt);
        target.WriteText(record.Reason);
        target.WriteText(record.Details);
    }

    /// <summary>Hands every record of a row to one of three readers, in order.</summary>
    /// <exception cref="InvalidDataException">These are no records.</exception>
    public static void Read(
        ReadOnlyMemory<byte> payload,
        long firstOffset,
        Action<StoredMessage> sent,
        Action<QueueRecord>? changed,
        Action<FeedRecord>? fed)
    {
        ByteReader source = new(payload);
        long offset = firstOffset;
        while (!source.AtEnd)
        {
            RecordKind kind = (RecordKind)source.ReadByte();
            switch (kind)
            {
                case RecordKind.Sent:
                    sent(ReadSent(source, offset++));
                    break;
                case >= RecordKind.Completed and <= RecordKind.Recalled:
                    QueueRecord record = ReadChange(source, kind);
                    changed?.Invoke(record);
                    break;
                case >= RecordKind.Taken and <= RecordKind.Trimmed:
                    FeedRecord feed = FeedRecordFormat.Read(source, kind);
                    fed?.Invoke(feed);
                    break;
                default:
                    throw new InvalidDataException($"A record's kind is {(int)kind}, which this version does not know.");
            }
        }
    }

    public static bool IsRemoval(RecordKind kind) => kind is >= RecordKind.Completed and <= RecordKind.Purged;

    private static bool IsShort(RecordKind kind) =>
        IsRemoval(kind) || kind is RecordKind.Redriven or RecordKind.Recalled;

    private static StoredMessage ReadSent(ByteReader source, long offset) =>
        new(
            offset,
            source.ReadNumber(),
            source.ReadNumber(),
            source.ReadNumber(),
            source.ReadText(),
            source.ReadText(),
            source.ReadBytes(),
            source.ReadBytes());

    private static QueueRecord ReadChange(ByteReader source, RecordKind kind)
    {
        QueueRecord record = new(kind, source.ReadNumber()) { At = source.ReadNumber() };
        return IsShort(kind)
            ? record
            : record with
            {
                Acquired = source.ReadCount(),
                Deliveries = source.ReadCount(),
                DueAt = source.ReadNumber(),
                Reason = source.ReadText(),
                Details = source.ReadText(),
            };
    }
}
