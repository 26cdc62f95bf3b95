using Granary.Streams.Inbox;
using Granary.Streams.Partitions;
using Orleans.Streams;

namespace Granary.Streams.Adapter;

/// <summary>
/// What an agent reads from. An empty inbox is waited for: a subscriber is woken when a message is there, not when the
/// agent's timer rings. One thread: the agent's.
/// </summary>
internal sealed class StreamReceiver(
    PartitionInbox inbox, PartitionReceiver receiver, StreamBody packing, TimeProvider time, Action<PartitionInbox> ended)
    : IQueueAdapterReceiver
{
    // Between two reads an agent looks whether it shall stop, and forgets streams that are idle.
    private static readonly TimeSpan LongestRead = TimeSpan.FromMilliseconds(250);

    public Task Initialize(TimeSpan timeout)
    {
        receiver.Start();
        return Task.CompletedTask;
    }

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) =>
        GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        await inbox.Offered.WaitAsync(LongestRead, time, cancellationToken);
        return [.. inbox.TakeOffers().Select(offer => new StreamBatch(offer, new DeliveryAttempt(), packing))];
    }

    // Nothing is ever purged: messages are settled by themselves.
    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public async Task Shutdown(TimeSpan timeout)
    {
        await receiver.StopAsync(timeout);
        receiver.Dispose();
        ended(inbox);
    }
}
