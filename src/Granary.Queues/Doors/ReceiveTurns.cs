using Microsoft.Extensions.Logging;

namespace Granary.Queues.Doors;

/// <summary>
/// Gives what partitions have to who waits for it at this silo, in turn, wherever it turns up. A partition that was found
/// empty is watched: one call waits there until something is ready, and only then is a message leased, for the one whose
/// turn it is. So nothing is leased that nobody takes, and nobody polls.
/// </summary>
/// <remarks>One call runs at a time (a grain's); calls interleave where they wait.</remarks>
/// <param name="partitions">Of the queue.</param>
/// <param name="tellWaiting">Told by how many those who wait become more, or fewer.</param>
/// <param name="time">For waits.</param>
/// <param name="logger">Told of partitions that cannot be asked.</param>
/// <param name="stopping">The silo stops: nobody waits long any more.</param>
internal sealed class ReceiveTurns(
    IReadOnlyList<IQueuePartitionGrain> partitions,
    Action<int> tellWaiting,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopping)
{
    // Of a partition that cannot be asked.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Before a partition that moves is asked again: it is there at once, or its silo stops and nobody takes it over.
    private static readonly TimeSpan MovePause = TimeSpan.FromMilliseconds(50);

    // Of a receive while the silo stops; who asks comes again, and finds another silo some time.
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(1);

    private readonly LinkedList<ReceiveTurn> _turns = [];
    private readonly bool[] _watched = new bool[partitions.Count];
    private int _next;

    /// <summary>The queue is not there any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Leases messages; with none ready it waits for the first. Empty when the wait is over.</summary>
    public async Task<LeasedContent[]> ReceiveAsync(
        int max, TimeSpan wait, TimeSpan? lease, CancellationToken cancellationToken)
    {
        LeasedContent[] found = stopping.IsCancellationRequested
            ? await ReceiveAtLastAsync(max, wait, lease, cancellationToken)
            : await ReceiveInTurnAsync(max, wait, lease, cancellationToken);
        if (found.Length == 0 || !cancellationToken.IsCancellationRequested)
        {
            return found;
        }

        await ReleaseAsync(found); // it was served at the moment when it gave up
        return [];
    }

    private async Task<LeasedContent[]> ReceiveInTurnAsync(
        int max, TimeSpan wait, TimeSpan? lease, CancellationToken cancellationToken)
    {
        bool waits = wait > TimeSpan.Zero;
        if (_turns.Count == 0 || !waits)
        {
            LeasedContent[] found = await SweepAsync(max, lease, all: !waits);
            if (found.Length > 0 || !waits)
            {
                return found;
            }
        }

        tellWaiting(1);
        try
        {
            return await WaitInTurnAsync(new ReceiveTurn(max, lease), wait, cancellationToken);
        }
        finally
        {
            tellWaiting(-1);
        }
    }

    private async Task<LeasedContent[]> WaitInTurnAsync(
        ReceiveTurn turn, TimeSpan wait, CancellationToken cancellationToken)
    {
        LinkedListNode<ReceiveTurn> node = _turns.AddLast(turn);
        for (int partition = 0; partition < partitions.Count; partition++)
        {
            Watch(partition);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        await turn.WaitAsync(wait, time, ending.Token);
        if (node.List is not null)
        {
            _turns.Remove(node);
            return [];
        }

        return await turn.EndAsync(); // it may be served at this moment
    }

    private async Task<LeasedContent[]> ReceiveAtLastAsync(
        int max, TimeSpan wait, TimeSpan? lease, CancellationToken cancellationToken)
    {
        LeasedContent[] found = await SweepAsync(max, lease, all: true);
        if (found.Length > 0 || wait <= TimeSpan.Zero)
        {
            return found;
        }

        await Task.Delay(wait < LastWait ? wait : LastWait, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return cancellationToken.IsCancellationRequested ? [] : await SweepAsync(max, lease, all: true);
    }

    // Nobody takes it any more. What cannot be given back comes again when its lease ends.
    private async Task ReleaseAsync(LeasedContent[] leased)
    {
        foreach (IGrouping<int, LeasedContent> part in leased.GroupBy(one => one.Lease.Receipt.Partition))
        {
            try
            {
                await partitions[part.Key].SettleAsync(
                    [.. part.Select(one => new Settlement(SettlementKind.Release, one.Lease.Receipt))]);
            }
            catch (Exception exception) // the edge: one partition
            {
                logger.NotReleased(part.Key, exception);
            }
        }
    }

    // Each time another partition is the first. Those that are watched were empty, and say so when they are not any more.
    private async Task<LeasedContent[]> SweepAsync(int max, TimeSpan? lease, bool all)
    {
        int first = _next++;
        Exception? failure = null;
        int failures = 0;
        for (int index = 0; index < partitions.Count; index++)
        {
            int partition = (first + index) % partitions.Count;
            if (_watched[partition] && !all)
            {
                continue;
            }

            try
            {
                LeasedContent[] found = await partitions[partition].ReceiveAsync(max, lease);
                if (found.Length > 0)
                {
                    _next = partition + 1;
                    return found;
                }
            }
            catch (Exception exception) // the edge: one partition; the others may have something
            {
                failure = exception;
                failures++;
            }
        }

        return failures < partitions.Count ? [] : throw failure!;
    }

    private void Watch(int partition)
    {
        if (!_watched[partition])
        {
            _watched[partition] = true;
            _ = WatchAsync(partition);
        }
    }

    private async Task WatchAsync(int partition)
    {
        while (_turns.Count > 0)
        {
            long begin = time.GetTimestamp();
            try
            {
                if (await partitions[partition].WaitUntilReadyAsync(QueueLimits.MaxWait, stopping))
                {
                    await ServeAsync(partition);
                }
                else if (time.GetElapsedTime(begin) < Pause)
                {
                    await Task.Delay(MovePause, time);
                }
            }
            catch (GranaryQueueNotFoundException)
            {
                Fail();
            }
            catch (Exception exception) // the edge: one partition, asked again and again
            {
                if (!stopping.IsCancellationRequested)
                {
                    logger.PartitionNotWatched(partition, exception);
                }

                await Task.Delay(Pause, time);
            }
        }

        _watched[partition] = false;
    }

    // The queue is not there any more; who asks again makes it anew.
    private void Fail()
    {
        IsGone = true;
        foreach (ReceiveTurn turn in _turns)
        {
            turn.Fail(new GranaryUnavailableException("The queue was deleted."));
        }

        _turns.Clear(); // else whoever watches would go round and round
    }

    private async Task ServeAsync(int partition)
    {
        while (_turns.First is { } node)
        {
            ReceiveTurn turn = node.Value;
            _turns.RemoveFirst();
            LeasedContent[] found = [];
            try
            {
                found = await partitions[partition].ReceiveAsync(turn.Max, turn.Lease);
            }
            finally
            {
                if (!turn.TryServe(found))
                {
                    _turns.AddFirst(node);
                }
            }

            if (found.Length == 0)
            {
                return;
            }
        }
    }
}
