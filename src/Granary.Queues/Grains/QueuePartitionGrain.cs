using Granary.Queues.Doors;
using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Partitions;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Granary.Queues.Grains;

// The owner is thread-safe and orders what it does; calls only wait in it, and many wait long.
[QueuePlacement]
[Immovable] // the log is here
[KeepAlive] // due times and leases run on
[Reentrant]
internal sealed class QueuePartitionGrain : Grain, IQueuePartitionGrain
{
    private readonly QueueKeeper _keeper;
    private readonly Guid _creation;
    private readonly PartitionSlot _slot;

    public QueuePartitionGrain(QueueKeeper keeper, TimeProvider time)
    {
        _keeper = keeper;
        int index = (int)this.GetPrimaryKeyLong(out string? key);
        (string queue, _creation) = PartitionKey.Read(key!);
        _slot = new PartitionSlot(new PartitionId(queue, index), OpenAsync, time);
    }

    public async ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches) =>
        await _slot.RunAsync(owner => Task.WhenAll(batches.Select(batch => SendAsync(owner, batch))));

    public async ValueTask<LeasedContent[]> ReceiveAsync(int max, TimeSpan? lease) =>
        await _slot.RunAsync(owner => owner.ReceiveAsync(max, lease, CancellationToken.None));

    public async ValueTask<bool> WaitUntilReadyAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _keeper.Stopping);
        try
        {
            return await _slot.RunAsync(owner => owner.WaitUntilReadyAsync(wait, ending.Token));
        }
        catch (OperationCanceledException)
        {
            return false; // the silo stops, or nobody waits any more
        }
    }

    public async ValueTask<LeasedContent[]> ReceiveDeferredAsync(long[] offsets, TimeSpan? lease) =>
        await _slot.RunAsync(owner => owner.ReceiveDeferredAsync(offsets, lease, CancellationToken.None));

    public async ValueTask<SettleOutcome[]> SettleAsync(Settlement[] settlements) =>
        await _slot.RunAsync(owner => owner.ExecuteAsync((partition, now) =>
            Array.ConvertAll(settlements, one => Settle(partition, one, now))));

    public async ValueTask<bool> CancelScheduledAsync(long offset) =>
        await _slot.RunAsync(owner => owner.ExecuteAsync((partition, now) => partition.Cancel(offset, now)));

    public async ValueTask<PeekedContent[]> PeekAsync(MessageState state, long fromOffset, int max) =>
        await _slot.RunAsync(owner => owner.PeekAsync(state, fromOffset, max, CancellationToken.None));

    public async ValueTask<int> RedriveAsync(DeadFilter filter, int max) =>
        await _slot.RunAsync(owner => owner.ExecuteAsync((partition, now) => partition.Redrive(filter, max, now)));

    public async ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max) =>
        await _slot.RunAsync(owner => owner.ExecuteAsync((partition, now) => partition.Purge(state, filter, max, now)));

    public async ValueTask<QueueStatistics> GetStatisticsAsync() =>
        await _slot.RunAsync(owner => owner.GetStatisticsAsync());

    public async ValueTask SetOptionsAsync(QueueOptions options) =>
        await _slot.ChangeAsync(owner => owner.SetOptions(options));

    public async ValueTask CloseAsync()
    {
        await _slot.CloseAsync();
        DeactivateOnIdle();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        _slot.CloseAsync();

    private async Task<PartitionOwner> OpenAsync(PartitionId partition)
    {
        try
        {
            return await _keeper.OpenAsync(partition, _creation);
        }
        catch (GranaryQueueNotFoundException)
        {
            DeactivateOnIdle(); // it will never be there again
            throw;
        }
    }

    // Batches of one call may go with different commits, so each has its own outcome.
    private static async Task<SendResult[]> SendAsync(PartitionOwner owner, OutgoingMessage[] batch)
    {
        try
        {
            return await owner.SendAsync(batch, CancellationToken.None);
        }
        catch (GranaryUnavailableException)
        {
            return SendTurns.Refuse(batch, SendOutcome.Unavailable);
        }
        catch (GranaryOutcomeUnknownException)
        {
            return SendTurns.Refuse(batch, SendOutcome.Unknown);
        }
    }

    private static SettleOutcome Settle(QueuePartition partition, Settlement settlement, PartitionTime now) =>
        settlement.Kind switch
        {
            SettlementKind.Complete => partition.Complete(settlement.Receipt, now),
            SettlementKind.Abandon => partition.Abandon(settlement.Receipt, settlement.Reason, settlement.Duration, now),
            SettlementKind.Release => partition.Release(settlement.Receipt, now),
            SettlementKind.Defer => partition.Defer(settlement.Receipt, now),
            SettlementKind.DeadLetter =>
                partition.DeadLetter(settlement.Receipt, settlement.Reason ?? "", settlement.Details, now),
            SettlementKind.Renew => partition.Renew(settlement.Receipt, settlement.Duration, now),
            _ => throw new ArgumentOutOfRangeException(nameof(settlement), settlement.Kind, "There is no such settlement."),
        };
}
