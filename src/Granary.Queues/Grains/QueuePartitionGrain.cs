using Granary.Queues.Doors;
using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Partitions;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Granary.Queues.Grains;

// The owner is thread-safe and orders what it does; calls only wait in it, and many wait long.
[QueuePlacement]
[Immovable] // we move partitions, when their calls have ended; Orleans would move them without
[KeepAlive] // due times and leases run on
[Reentrant]
internal sealed class QueuePartitionGrain : Grain, IQueuePartitionGrain, IHostedPartition
{
    private readonly QueueKeeper _keeper;
    private readonly Guid _creation;
    private readonly PartitionSlot _slot;
    private int _isMoving;

    public QueuePartitionGrain(QueueKeeper keeper, TimeProvider time)
    {
        _keeper = keeper;
        int index = (int)this.GetPrimaryKeyLong(out string? key);
        (string queue, _creation) = PartitionKey.Read(key!);
        Id = new PartitionId(queue, index);
        _slot = new PartitionSlot(Id, OpenAsync, time);
    }

    public PartitionId Id { get; }

    // Orleans lets calls that come from now on wait, deactivates when those under way have ended, and takes the waiting
    // ones along.
    public void MoveTo(SiloAddress silo)
    {
        if (Interlocked.Exchange(ref _isMoving, 1) == 0)
        {
            GrainContext.Migrate(
                new Dictionary<string, object>(StringComparer.Ordinal) { [IPlacementDirector.PlacementHintKey] = silo },
                CancellationToken.None);
            _slot.Leave();
        }
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _keeper.Places?.Add(this);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await _slot.CloseAsync();
        }
        finally
        {
            _keeper.Places?.Remove(this);
        }
    }

    public async ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches) =>
        await RunAsync(owner => Task.WhenAll(batches.Select(batch => SendAsync(owner, batch))));

    public async ValueTask<LeasedContent[]> ReceiveAsync(int max, TimeSpan? lease) =>
        await LeaseAsync(owner => owner.ReceiveAsync(max, lease, CancellationToken.None));

    public async ValueTask<bool> WaitUntilReadyAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _keeper.Stopping);
        try
        {
            return await RunAsync(owner => owner.WaitUntilReadyAsync(wait, ending.Token));
        }
        catch (OperationCanceledException)
        {
            return false; // the silo stops, or nobody waits any more
        }
        catch (GranaryUnavailableException) when (_isMoving != 0)
        {
            return false;
        }
    }

    public async ValueTask<LeasedContent[]> ReceiveDeferredAsync(long[] offsets, TimeSpan? lease) =>
        await LeaseAsync(owner => owner.ReceiveDeferredAsync(offsets, lease, CancellationToken.None));

    public async ValueTask<SettleOutcome[]> SettleAsync(Settlement[] settlements) =>
        await LeaseAsync(owner => owner.ExecuteAsync((partition, now) =>
            Array.ConvertAll(settlements, one => Settle(partition, one, now))));

    public async ValueTask<bool> CancelScheduledAsync(long offset) =>
        await RunAsync(owner => owner.ExecuteAsync((partition, now) => partition.Cancel(offset, now)));

    public async ValueTask<PeekedContent[]> PeekAsync(MessageState state, long fromOffset, int max) =>
        await RunAsync(owner => owner.PeekAsync(state, fromOffset, max, CancellationToken.None));

    public async ValueTask<int> RedriveAsync(DeadFilter filter, int max) =>
        await RunAsync(owner => owner.ExecuteAsync((partition, now) => partition.Redrive(filter, max, now)));

    public async ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max) =>
        await RunAsync(owner => owner.ExecuteAsync((partition, now) => partition.Purge(state, filter, max, now)));

    public async ValueTask<QueueStatistics> GetStatisticsAsync() =>
        await RunAsync(owner => owner.GetStatisticsAsync());

    public async ValueTask SetOptionsAsync(QueueOptions options) =>
        await _slot.ChangeAsync(owner => owner.SetOptions(options));

    public async ValueTask CloseAsync()
    {
        DeactivateOnIdle();
        await _slot.CloseAsync();
        await _keeper.ClosedAsync(Id);
    }

    private Task<T> RunAsync<T>(Func<PartitionOwner, Task<T>> call) =>
        _keeper.MayAnswer
            ? _slot.RunAsync(call)
            : throw new GranaryUnavailableException("This silo does not know whether it is still a member of the cluster.");

    // Leases are not written, so the log does not fence them. Other settlements of the call may be written.
    private async Task<T> LeaseAsync<T>(Func<PartitionOwner, Task<T>> call)
    {
        T result = await RunAsync(call);
        return _keeper.MayAnswer
            ? result
            : throw new GranaryOutcomeUnknownException("This silo was stopped meanwhile, and may be no member any more.");
    }

    private async Task<PartitionOwner> OpenAsync(PartitionId partition, LeaseHandOver? leases)
    {
        try
        {
            return await _keeper.OpenAsync(partition, _creation, leases);
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
