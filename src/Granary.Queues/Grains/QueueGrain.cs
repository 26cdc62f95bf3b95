using Granary.Queues.Doors;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Granary.Queues.Grains;

// One on each silo that is asked, which knows who waits there. Calls wait, and the others go on meanwhile: what they
// share is changed between waits only.
[StatelessWorker(1)]
[Reentrant]
internal sealed class QueueGrain(QueueKeeper keeper, TimeProvider time, ILogger<QueueGrain> logger) : Grain, IQueueGrain
{
    private Task<QueueDoor>? _door;

    public async ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches)
    {
        Requests.Check(batches);
        return await AtDoorAsync(door => door.SendAsync(batches));
    }

    public async ValueTask<LeasedContent[]> ReceiveAsync(
        int max, TimeSpan wait, TimeSpan? lease, CancellationToken cancellationToken)
    {
        Requests.CheckReceive(max, wait, lease);
        return await AtDoorAsync(door => door.ReceiveAsync(max, wait, lease, cancellationToken));
    }

    public async ValueTask<LeasedContent[]> ReceiveDeferredAsync(MessagePosition[] positions, TimeSpan? lease)
    {
        Requests.CheckCount(positions.Length, "positions");
        Requests.CheckLease(lease);
        return await AtDoorAsync(door => door.ReceiveDeferredAsync(positions, lease));
    }

    public async ValueTask<SettleOutcome[]> SettleAsync(Settlement[] settlements)
    {
        settlements = Requests.Checked(settlements);
        return await AtDoorAsync(door => door.SettleAsync(settlements));
    }

    public async ValueTask<bool> CancelScheduledAsync(MessagePosition position) =>
        await AtDoorAsync(door => door.CancelScheduledAsync(position));

    public async ValueTask<PeekedContent[]> PeekAsync(MessageState state, MessagePosition from, int max)
    {
        Requests.CheckCount(max, "messages");
        return await AtDoorAsync(door => door.PeekAsync(state, from, max));
    }

    public async ValueTask<int> RedriveAsync(DeadFilter filter, int max)
    {
        Requests.CheckCount(max, "messages");
        return await AtDoorAsync(door => door.RedriveAsync(filter, max));
    }

    public async ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max)
    {
        Requests.CheckCount(max, "messages");
        return await AtDoorAsync(door => door.PurgeAsync(state, filter, max));
    }

    public async ValueTask<QueueStatistics> GetStatisticsAsync() =>
        await AtDoorAsync(static door => door.GetStatisticsAsync());

    // A queue that was deleted, and perhaps made again with other partitions, says so before it does anything.
    private async Task<T> AtDoorAsync<T>(Func<QueueDoor, Task<T>> call)
    {
        QueueDoor door = await DoorAsync();
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
        QueueLimits.CheckName(name);
        try
        {
            QueueDefinition definition = keeper.HasStorage
                ? await keeper.GetOrCreateAsync(name)
                : await GrainFactory.GetGrain<IQueueCatalogGrain>(0).GetOrCreateAsync(name);
            return new QueueDoor(definition, GrainFactory, time, logger, keeper.Stopping);
        }
        catch (Exception exception) when (exception is not (GranaryException or ArgumentException))
        {
            // No message has been touched yet.
            throw new GranaryUnavailableException($"Queue '{name}' cannot be reached: {exception.Message}", exception);
        }
    }
}
