using Microsoft.Extensions.Logging;

namespace Granary.Queues.Doors;

/// <summary>
/// Gives what partitions have to who waits for it at this silo, in turn, wherever it turns up. A partition that was found
/// empty is watched: one call waits there until something is ready, and only then is a message leased, for the one whose
/// turn it is. So nothing is leased that nobody takes, and nobody polls.
/// </summary>
/// <remarks>One call runs at a time (a grain's); calls interleave where they wait.</remarks>
internal sealed class ReceiveTurns(IReadOnlyList<IQueuePartitionGrain> partitions, TimeProvider time, ILogger logger)
{
    // Of a partition that cannot be asked.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly LinkedList<ReceiveTurn> _turns = [];
    private readonly bool[] _watched = new bool[partitions.Count];
    private int _next;

    /// <summary>Leases messages; with none ready it waits for the first. Empty when the wait is over.</summary>
    public async Task<LeasedContent[]> ReceiveAsync(int max, TimeSpan wait, TimeSpan? lease)
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

        ReceiveTurn turn = new(max, lease);
        LinkedListNode<ReceiveTurn> node = _turns.AddLast(turn);
        for (int partition = 0; partition < partitions.Count; partition++)
        {
            Watch(partition);
        }

        await turn.WaitAsync(wait, time);
        if (node.List is not null)
        {
            _turns.Remove(node);
            return [];
        }

        return await turn.EndAsync(); // it may be served at this moment
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
            try
            {
                if (await partitions[partition].WaitUntilReadyAsync(QueueLimits.MaxWait))
                {
                    await ServeAsync(partition);
                }
            }
            catch (Exception exception) // the edge: one partition, asked again and again
            {
                logger.PartitionNotWatched(partition, exception);
                await Task.Delay(Pause, time);
            }
        }

        _watched[partition] = false;
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
                    _turns.AddFirst(turn);
                }
            }

            if (found.Length == 0)
            {
                return;
            }
        }
    }
}
