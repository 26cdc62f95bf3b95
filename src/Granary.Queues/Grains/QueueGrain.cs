using Granary.Queues.Doors;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Granary.Queues.Grains;

// One on each silo that is asked, which knows who waits there. Calls wait, and the others go on meanwhile: what they
// share is changed between waits only.
[StatelessWorker(1)]
[Reentrant]
internal sealed class QueueGrain(TimeProvider time, ILogger<QueueGrain> logger) : Grain, IQueueGrain
{
    private Task<QueueDoor>? _door;

    public async ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches)
    {
        Requests.Check(batches);
        return await (await DoorAsync()).SendAsync(batches);
    }

    public async ValueTask<LeasedContent[]> ReceiveAsync(int max, TimeSpan wait, TimeSpan? lease)
    {
        Requests.CheckReceive(max, wait, lease);
        return await (await DoorAsync()).ReceiveAsync(max, wait, lease);
    }

    public async ValueTask<LeasedContent[]> ReceiveDeferredAsync(MessagePosition[] positions, TimeSpan? lease)
    {
        Requests.CheckCount(positions.Length, "positions");
        Requests.CheckLease(lease);
        return await (await DoorAsync()).ReceiveDeferredAsync(positions, lease);
    }

    public async ValueTask<SettleOutcome[]> SettleAsync(Settlement[] settlements) =>
        await (await DoorAsync()).SettleAsync(Requests.Checked(settlements));

    public async ValueTask<bool> CancelScheduledAsync(MessagePosition position) =>
        await (await DoorAsync()).CancelScheduledAsync(position);

    public async ValueTask<PeekedContent[]> PeekAsync(MessageState state, MessagePosition from, int max)
    {
        Requests.CheckCount(max, "messages");
        return await (await DoorAsync()).PeekAsync(state, from, max);
    }

    public async ValueTask<int> RedriveAsync(DeadFilter filter, int max)
    {
        Requests.CheckCount(max, "messages");
        return await (await DoorAsync()).RedriveAsync(filter, max);
    }

    public async ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max)
    {
        Requests.CheckCount(max, "messages");
        return await (await DoorAsync()).PurgeAsync(state, filter, max);
    }

    public async ValueTask<QueueStatistics> GetStatisticsAsync() => await (await DoorAsync()).GetStatisticsAsync();

    // Made anew if the last attempt failed.
    private Task<QueueDoor> DoorAsync() =>
        _door is null or { IsFaulted: true } or { IsCanceled: true } ? _door = OpenAsync() : _door;

    private async Task<QueueDoor> OpenAsync()
    {
        string name = this.GetPrimaryKeyString();
        QueueLimits.CheckName(name);
        QueueDefinition definition = await GrainFactory.GetGrain<IQueueCatalogGrain>(0).GetOrCreateAsync(name);
        return new QueueDoor(definition, GrainFactory, time, logger);
    }
}
