using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>Where commands leave their records until they are taken as a commit; what is written is in the history at once.</summary>
internal sealed class PartitionJournal(PartitionHistory history, PartitionCounters counters)
{
    private readonly ByteWriter _pending = new();
    private long _first;

    /// <summary>Bytes of records not taken yet.</summary>
    public int Length => _pending.Length;

    public void Write(QueueRecord record)
    {
        RecordFormat.Write(_pending, record);
        history.Apply(record);
        counters.Written(record.Kind);
    }

    public void Write(StoredMessage sent)
    {
        RecordFormat.WriteSent(_pending, sent);
        history.Apply(sent);
        counters.Written(RecordKind.Sent);
    }

    public void Write(FeedRecord record)
    {
        FeedRecordFormat.Write(_pending, record);
        history.Apply(record);
    }

    /// <summary>Takes what was written since the last time. A row without messages takes one offset.</summary>
    public bool TryTake(out long firstOffset, out long nextOffset, out byte[] payload)
    {
        firstOffset = _first;
        payload = _pending.Written.ToArray();
        nextOffset = payload.Length == 0 ? firstOffset : Math.Max(history.NextOffset, firstOffset + 1);
        history.NextOffset = nextOffset;
        _first = nextOffset;
        _pending.Clear();
        return payload.Length > 0;
    }

    /// <summary>The history was read from the log: what is written now comes behind.</summary>
    public void Recovered() => _first = history.NextOffset;
}
