using System.Diagnostics;
using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Partitions;
using Granary.Queues.Topics;
using Microsoft.Extensions.Logging;
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
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private SubscriptionFeed? _feed; // of a subscription
    private IQueuePartitionGrain? _topic;
    private Task<PartitionDefinition?> _refreshing = Task.FromResult<PartitionDefinition?>(null);
    private int _isMoving;

    public QueuePartitionGrain(QueueKeeper keeper, TimeProvider time, ILogger<QueuePartitionGrain> logger)
    {
        _keeper = keeper;
        _time = time;
        _logger = logger;
        int index = (int)this.GetPrimaryKeyLong(out string? key);
        (string queue, _creation) = PartitionKey.Read(key!);
        Id = new PartitionId(queue, index);
        _slot = new PartitionSlot(Id, OpenAsync, time, keeper.Census);
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
            _ = _feed?.StopAsync();
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
            await CloseSlotAsync();
        }
        finally
        {
            _keeper.Places?.Remove(this);
        }
    }

    public async ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches) =>
        await RunAsync(owner => Task.WhenAll(batches.Select(batch => SendAsync(owner, Id, batch))));

    public async ValueTask<LeasedContent[]> ReceiveAsync(int max, TimeSpan? lease) =>
        await LeaseAsync(owner => owner.ReceiveAsync(max, lease, CancellationToken.None));

    public async ValueTask<bool> WaitUntilReadyAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _keeper.Stopping);
        try
        {
            return await RunAsync(owner => owner.WaitUntilReadyAsync(wait, ending.Token)) || await NothingAsync();
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

    public async ValueTask<PeekedContent[]> PeekFailingAsync(int max) =>
        await RunAsync(owner => owner.PeekFailingAsync(max, CancellationToken.None));

    public async ValueTask<int> RedriveAsync(DeadFilter filter, int max) =>
        await RunAsync(owner => owner.ExecuteAsync((partition, now) => partition.Redrive(filter, max, now)));

    public async ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max) =>
        await RunAsync(owner => owner.ExecuteAsync((partition, now) => partition.Purge(state, filter, max, now)));

    public async ValueTask<QueueStatistics> GetStatisticsAsync()
    {
        (QueueStatistics statistics, TopicPlace? place) = await RunAsync(async owner =>
            (await owner.GetStatisticsAsync(), (await owner.Intake.LookAsync()).Place));
        return place is { } here
            ? statistics with { Behind = Math.Max(0, await _topic!.GetEndAsync() - here.Offset) }
            : statistics;
    }

    public async ValueTask SetOptionsAsync(QueueOptions options) => await RefreshAsync();

    // A subscription is to have a place in the topic when this returns, also if nobody has received from it.
    public async ValueTask SetDefinitionAsync(QueueDefinition definition)
    {
        if ((await RefreshAsync())?.Subscription is { } subscription)
        {
            await RunAsync(_ => Task.FromResult(true));
            _feed!.SetFilter(subscription.Filter);
            await _feed.Begun;
        }
    }

    public async ValueTask<long> GetEndAsync() => await RunAsync(owner => Task.FromResult(owner.DurableOffset));

    public async ValueTask<TopicPlace> FindPlaceAsync(Guid subscription, long epoch, SubscriptionStart start) =>
        await RunAsync(owner => owner.Reads.FindPlaceAsync(subscription, epoch, NamedBy(start), start));

    public async ValueTask<TopicPart> ReadAsync(
        TopicNeed need, long from, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _keeper.Stopping);
        try
        {
            return await RunAsync(owner => owner.Reads.ReadAsync(need, from, wait, ending.Token));
        }
        catch (OperationCanceledException)
        {
            return new TopicPart(from, []); // the silo stops, or nobody waits any more
        }
        catch (GranaryUnavailableException) when (_isMoving != 0)
        {
            return new TopicPart(from, []);
        }
    }

    // The owner is over in any case: its feed is.
    public async ValueTask SeekAsync(SubscriptionStart start)
    {
        if (start.Kind == SubscriptionStartKind.Positions && NamedBy(start) is null)
        {
            return;
        }

        await RunAsync(async owner =>
        {
            await _feed!.StopAsync();
            try
            {
                await owner.Intake.SeekAsync(await _topic!.FindPlaceAsync(_creation, owner.Epoch + 1, start));
            }
            finally
            {
                owner.Fail(TopicIntake.Sought());
            }

            return true;
        });
        await RunAsync(_ => Task.FromResult(true));
    }

    public async ValueTask CloseAsync()
    {
        DeactivateOnIdle();
        await CloseSlotAsync();
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
            (PartitionOwner owner, PartitionDefinition definition) =
                await _keeper.OpenAsync(partition, _creation, leases);
            await FeedAsync(owner, definition);
            return owner;
        }
        catch (GranaryQueueNotFoundException)
        {
            DeactivateOnIdle(); // it will never be there again
            throw;
        }
    }

    private async Task FeedAsync(PartitionOwner owner, PartitionDefinition definition)
    {
        await (_feed?.StopAsync() ?? Task.CompletedTask);
        _feed = null;
        if (definition.Role == PartitionRole.Subscription)
        {
            _topic = GrainFactory.GetGrain<IQueuePartitionGrain>(
                Id.Index, PartitionKey.Of(definition.Queue.Name, definition.Queue.Creation));
            _feed = new SubscriptionFeed(owner, _topic, definition, _time, _logger, _keeper.Stopping);
            _feed.Start();
        }
    }

    private async Task CloseSlotAsync()
    {
        await (_feed?.StopAsync() ?? Task.CompletedTask);
        await _slot.CloseAsync();
    }

    // What the catalog says now, one after the other: of two changes at once the last is not undone by the first.
    private Task<PartitionDefinition?> RefreshAsync() => _refreshing = RefreshAsync(_refreshing);

    private async Task<PartitionDefinition?> RefreshAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        PartitionDefinition? definition = await _keeper.FindAsync(Id);
        if (definition?.Creation != _creation)
        {
            return null;
        }

        await _slot.ChangeAsync(owner => owner.SetDefinition(definition));
        return definition;
    }

    // False, unless the queue was deleted and nobody has told this partition: then whoever waits here waits in vain.
    private async Task<bool> NothingAsync()
    {
        PartitionDefinition? definition;
        try
        {
            definition = await _keeper.FindAsync(Id);
        }
        catch (GranaryUnavailableException)
        {
            return false; // nobody knows
        }

        return definition?.Creation == _creation
            ? false
            : throw new GranaryQueueNotFoundException($"There is no partition {Id} any more, or not of this queue.");
    }

    private MessagePosition? NamedBy(SubscriptionStart start) => start.Positions
        .Where(position => position.Partition == Id.Index)
        .Select(static position => (MessagePosition?)position)
        .FirstOrDefault();

    // Batches of one call may go with different commits, so each has its own outcome.
    private static async Task<SendResult[]> SendAsync(PartitionOwner owner, PartitionId id, OutgoingMessage[] batch)
    {
        using Activity? activity = StoreActivity.Begin(id, batch);
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
