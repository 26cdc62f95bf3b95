using Granary.Streams.Inbox;
using Orleans.Streams;

namespace Granary.Streams.Adapter;

/// <summary>A subscription's place in its stream, as the agent sees it.</summary>
internal sealed class InboxCursor(LaneReader reader, StreamBody packing) : IQueueCacheCursor
{
    private StreamBatch? _current;

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    public bool MoveNext()
    {
        _current = reader.TryMoveNext()
            ? new StreamBatch(new Offer(reader.Lane, reader.Current!.Sequence, reader.Current), reader.Attempt, packing)
            : null;
        return _current is not null;
    }

    // The reader knows by itself what is new.
    public void Refresh(StreamSequenceToken token)
    {
    }

    public void RecordDeliveryFailure() => reader.FailCurrent();

    public void Dispose() => reader.Dispose();
}
