using Granary.Queues;
using Granary.Streams.Inbox;
using Microsoft.Extensions.Logging;

namespace Granary.Streams.Partitions;

/// <summary>
/// Moves messages between a partition and the inbox of the agent that delivers from it: two loops, of which one receives and
/// takes out of the park, and the other settles and renews. One thread: the agent's, on which both wait.
/// </summary>
internal sealed class PartitionReceiver(
    PartitionInbox inbox, ProviderQueue queue, int index, TimeProvider time, ILogger logger) : IDisposable
{
    private const int MaxReceive = 256;
    private const int ScanPage = 1024;

    // Of a partition that cannot be asked.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Before a partition that moves is asked again.
    private static readonly TimeSpan MovePause = TimeSpan.FromMilliseconds(50);

    // Of one call. A partition that is to be deactivated waits for those that are in it.
    private static readonly TimeSpan LongestPartitionWait = TimeSpan.FromSeconds(2);

    // The clock is looked at no less often; how often it is asked what was parked by others.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ScanPeriod = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;
    private long _scannedAt;
    private bool _wasFull;

    public void Start() => _loops = Task.WhenAll(ReceiveAllAsync(), SettleAllAsync());

    /// <summary>Settles what is done, and gives everything else back: others have it at once, no failure is counted.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        await _stopping.CancelAsync();
        Exception? failure = null;
        try
        {
            await _loops.WaitAsync(timeout, time);
            SettlementBatch all = inbox.TakeAll();
            if (all.Count > 0)
            {
                IQueuePartitionGrain partition = await queue.PartitionAsync(index);
                await partition.SettleAsync(all.Settlements).AsTask().WaitAsync(timeout, time);
            }

            return;
        }
        catch (Exception exception) // the edge: an agent that stops
        {
            failure = exception;
        }

        logger.NotReleased(queue.Name, index, failure);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task ReceiveAllAsync()
    {
        bool isScanned = false;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                IQueuePartitionGrain partition = await queue.PartitionAsync(index);
                if (!isScanned || time.GetElapsedTime(_scannedAt) > ScanPeriod)
                {
                    await ScanParkedAsync(partition, always: !isScanned);
                    isScanned = true;
                }

                await ReceiveOnceAsync(partition);
            }
            catch (GranaryQueuePausedException)
            {
                await DelayAsync(Pause); // what is parked stays so
            }
            catch (Exception exception) // the edge: one partition, asked again and again
            {
                await PauseAsync(exception);
            }
        }
    }

    private async Task ReceiveOnceAsync(IQueuePartitionGrain partition)
    {
        inbox.Wanting.Reset();
        if (inbox.TakeRecall() is { } recall)
        {
            await RecallAsync(partition, recall);
            return;
        }

        int room = Math.Min(inbox.Room, MaxReceive);
        if (room == 0)
        {
            TellFull();
            await inbox.Wanting.WaitAsync(LongestWait, time, _stopping.Token);
            return;
        }

        inbox.BeginReceive();
        LeasedContent[] leased = await partition.ReceiveAsync(room, null);
        if (leased.Length > 0 || inbox.LostCount == 0 || !await HasReadyAsync(partition))
        {
            inbox.Receive(leased);
        }

        if (leased.Length == 0)
        {
            await WaitUntilReadyAsync(partition);
        }
    }

    // Although a receive has brought nothing: the queue is paused, or something has come since. So what was given back as
    // failed is not another's, and nothing of its stream may go before it.
    private static async Task<bool> HasReadyAsync(IQueuePartitionGrain partition) =>
        (await partition.GetStatisticsAsync()).Ready > 0;

    // Meanwhile what is to be taken out of the park is; and what was given back as failed is looked for at once.
    private async Task WaitUntilReadyAsync(IQueuePartitionGrain partition)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        long began = time.GetTimestamp();
        Task<bool> ready = partition.WaitUntilReadyAsync(LongestPartitionWait, ending.Token).AsTask();
        while (!ready.IsCompleted && !ending.IsCancellationRequested)
        {
            await Task.WhenAny(ready, inbox.Wanting.WaitAsync());
            inbox.Wanting.Reset();
            while (inbox.TakeRecall() is { } recall)
            {
                await RecallAsync(partition, recall);
            }

            if (inbox.LostCount > 0)
            {
                await ending.CancelAsync();
            }
        }

        try
        {
            if (!await ready && !ending.IsCancellationRequested && time.GetElapsedTime(began) < MovePause)
            {
                await DelayAsync(MovePause); // it moves
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // By this one.
        }
    }

    private async Task RecallAsync(IQueuePartitionGrain partition, Recall recall)
    {
        LeasedContent[] leased;
        try
        {
            leased = await partition.ReceiveDeferredAsync(recall.Offsets, null);
        }
        catch
        {
            await DelayAsync(MovePause);
            inbox.EndRecall(recall);
            throw;
        }

        inbox.Recalled(recall, leased);
    }

    // What was deferred before this agent began; and what an agent that was about to stop may have deferred since.
    private async Task ScanParkedAsync(IQueuePartitionGrain partition, bool always)
    {
        _scannedAt = time.GetTimestamp();
        long known = inbox.ParkedCount + inbox.HeldCount; // some that are held are about to be parked
        if (!always && (await partition.GetStatisticsAsync()).Deferred <= known)
        {
            return;
        }

        long from = 0;
        while (!_stopping.IsCancellationRequested)
        {
            PeekedContent[] parked = await partition.PeekAsync(MessageState.Deferred, from, ScanPage);
            Array.ForEach(parked, one => inbox.AddParked(one.Content));
            if (parked.Length == 0 || inbox.IsParkFull)
            {
                return;
            }

            from = parked[^1].Description.Offset + 1;
        }
    }

    private async Task SettleAllAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await SettleOnceAsync();
            }
            catch (Exception exception) // the edge: one look; without the next ones every lease would end
            {
                await PauseAsync(exception);
            }
        }
    }

    private async Task SettleOnceAsync()
    {
        inbox.Tick();
        SettlementBatch batch = inbox.TakeSettlements();
        if (batch.Count > 0)
        {
            inbox.Settled(batch, await SettleAsync(batch.Settlements));
        }
        else
        {
            TimeSpan wait = inbox.NextAt - inbox.Now;
            await inbox.Changed.WaitAsync(wait < LongestWait ? wait : LongestWait, time, _stopping.Token);
        }
    }

    private async Task<SettleOutcome[]> SettleAsync(Settlement[] settlements)
    {
        try
        {
            IQueuePartitionGrain partition = await queue.PartitionAsync(index);
            return await partition.SettleAsync(settlements);
        }
        catch (Exception exception) // the edge: one partition
        {
            logger.NotSettled(queue.Name, index, exception);
            await DelayAsync(Pause);
            bool isGone = exception is GranaryQueueNotFoundException;
            return Array.ConvertAll(settlements, _ => isGone ? SettleOutcome.LockLost : SettleOutcome.Unknown);
        }
    }

    private async Task PauseAsync(Exception exception)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        if (exception is GranaryQueueNotFoundException)
        {
            queue.Forget();
        }

        logger.PartitionNotReceived(queue.Name, index, exception);
        await DelayAsync(Pause);
    }

    private void TellFull()
    {
        if (inbox.IsParkFull && !_wasFull)
        {
            logger.ParkFull(queue.Name, index, inbox.ParkedCount);
        }

        _wasFull = inbox.IsParkFull;
    }

    private async Task DelayAsync(TimeSpan delay) =>
        await Task.Delay(delay, time, _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
