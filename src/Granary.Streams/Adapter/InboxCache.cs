using Granary.Streams.Inbox;
using Orleans.Streams;

namespace Granary.Streams.Adapter;

/// <summary>
/// An agent's view of its inbox. It purges nothing: each message is settled by itself once all subscriptions have passed it,
/// without waiting for the agent to read again.
/// </summary>
internal sealed class InboxCache(PartitionInbox inbox, StreamBody packing) : IQueueCache
{
    private const int NoLimit = 4096; // the inbox has its own, and receives no more

    public PartitionInbox Inbox => inbox;

    public int GetMaxAddCount() => NoLimit;

    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (StreamBatch batch in messages.OfType<StreamBatch>())
        {
            inbox.Told(batch.Offer);
        }
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        purgedItems = [];
        return false;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        Cursor(streamId, token?.SequenceNumber);

    public QueueCacheCursorResult<IQueueCacheCursor> TryGetCacheCursorAtPosition(
        StreamId streamId, StreamSubscriptionStartPosition startPosition) =>
        QueueCacheCursorResult<IQueueCacheCursor>.FromCursor(Cursor(
            streamId, startPosition == StreamSubscriptionStartPosition.EarliestAvailable ? 0 : null));

    private InboxCursor Cursor(StreamId stream, long? from) => new(inbox.Open(stream, from), packing);
}
