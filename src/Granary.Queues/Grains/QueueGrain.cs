using Granary.Queues.Doors;
using Granary.Queues.Partitions;
using Granary.Queues.Topics;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Granary.Queues.Grains;

// One on each silo that is asked, which knows who waits there. Calls wait, and the others go on meanwhile: what they
// share is changed between waits only.
[StatelessWorker(1)]
[Reentrant]
internal sealed class QueueGrain(QueueKeeper keeper, WaitingReceivers waiting, TimeProvider time, ILogger<QueueGrain> logger)
    : Grain, IQueueGrain
{
    private static readonly PartitionRole[] Sending = [PartitionRole.Queue, PartitionRole.Topic];
    private static readonly PartitionRole[] Receiving = [PartitionRole.Queue, PartitionRole.Subscription];
    private static readonly PartitionRole[] Seeking = [PartitionRole.Subscription];
    private static readonly PartitionRole[] Any = Enum.GetValues<PartitionRole>();

    private Task<QueueDoor>? _door;

    public async ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches)
    {
        Requests.Check(batches);
        return await AtDoorAsync(door => door.SendAsync(batches), Sending);
    }

    public async ValueTask<LeasedContent[]> ReceiveAsync(
        int max, TimeSpan wait, TimeSpan? lease, CancellationToken cancellationToken)
    {
        Requests.CheckReceive(max, wait, lease);
        return await AtDoorAsync(door => door.ReceiveAsync(max, wait, lease, cancellationToken), Receiving);
    }

    public async ValueTask<LeasedContent[]> ReceiveDeferredAsync(MessagePosition[] positions, TimeSpan? lease)
    {
        Requests.CheckCount(positions.Length, "positions");
        Requests.CheckLease(lease);
        return await AtDoorAsync(door => door.ReceiveDeferredAsync(positions, lease), Receiving);
    }

    public async ValueTask<SettleOutcome[]> SettleAsync(Settlement[] settlements)
    {
        settlements = Requests.Checked(settlements);
        return await AtDoorAsync(door => door.SettleAsync(settlements), Receiving);
    }

    public async ValueTask<bool> CancelScheduledAsync(MessagePosition position) =>
        await AtDoorAsync(door => door.CancelScheduledAsync(position), Sending);

    public async ValueTask<PeekedContent[]> PeekAsync(MessageState state, MessagePosition from, int max)
    {
        Requests.CheckCount(max, "messages");
        return await AtDoorAsync(door => door.PeekAsync(state, from, max), Receiving);
    }

    public async ValueTask<PeekedContent[]> PeekFailingAsync(int max)
    {
        Requests.CheckCount(max, "messages");
        return await AtDoorAsync(door => door.PeekFailingAsync(max), Receiving);
    }

    public async ValueTask<int> RedriveAsync(DeadFilter filter, int max)
    {
        Requests.CheckCount(max, "messages");
        return await AtDoorAsync(door => door.RedriveAsync(filter, max), Receiving);
    }

    public async ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max)
    {
        Requests.CheckCount(max, "messages");
        return await AtDoorAsync(door => door.PurgeAsync(state, filter, max), Receiving);
    }

    public async ValueTask SeekAsync(SubscriptionStart start)
    {
        start.Validate();
        await AtDoorAsync(
            async door =>
            {
                await door.SeekAsync(start);
                return true;
            },
            Seeking);
    }

    public async ValueTask<QueueStatistics> GetStatisticsAsync() =>
        await AtDoorAsync(static door => door.GetStatisticsAsync(), Any);

    // A queue that was deleted, and perhaps made again with other partitions, says so before it does anything.
    private async Task<T> AtDoorAsync<T>(Func<QueueDoor, Task<T>> call, PartitionRole[] roles)
    {
        QueueDoor door = await DoorAsync();
        Requests.CheckRole(door.Role, roles, this.GetPrimaryKeyString());
        try
        {
            return await call(door);
        }
        catch (GranaryQueueNotFoundException)
        {
            door.Leave();
            return await call(await DoorAsync());
        }
    }

    // Made anew if the last attempt failed, or the queue was deleted.
    private Task<QueueDoor> DoorAsync()
    {
        bool isOpen = _door is { IsCompleted: false }
            || (_door is { IsCompletedSuccessfully: true } && !_door.GetAwaiter().GetResult().IsGone);
        return isOpen ? _door! : _door = OpenAsync();
    }

    private async Task<QueueDoor> OpenAsync()
    {
        string name = this.GetPrimaryKeyString();
        SubscriptionName.Check(name);
        try
        {
            return new QueueDoor(await FindAsync(name), GrainFactory, waiting, time, logger, keeper.Stopping);
        }
        catch (Exception exception) when (exception is not (GranaryException or ArgumentException))
        {
            // No message has been touched yet.
            throw new GranaryUnavailableException($"Queue '{name}' cannot be reached: {exception.Message}", exception);
        }
    }

    private async Task<PartitionDefinition> FindAsync(string name)
    {
        (string queue, string? subscription) = SubscriptionName.Read(name);
        IQueueCatalogGrain catalog = GrainFactory.GetGrain<IQueueCatalogGrain>(0);
        if (subscription is null)
        {
            return new PartitionDefinition(
                keeper.HasStorage ? await keeper.GetOrCreateAsync(queue) : await catalog.GetOrCreateAsync(queue), null);
        }

        QueueDefinition? topic = keeper.HasStorage ? await keeper.FindAsync(queue) : await catalog.FindAsync(queue);
        return topic?.Find(subscription) is { } found
            ? new PartitionDefinition(topic, found)
            : throw new ArgumentException($"There is no subscription '{subscription}' of a topic '{queue}'.", nameof(name));
    }
}
