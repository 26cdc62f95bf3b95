using Granary.Queues.Owners;
using Granary.Queues.Partitions;
using Granary.Queues.Topics;
using Microsoft.Extensions.Logging;

namespace Granary.Queues.Doors;

/// <summary>A queue's partitions as one. One call runs at a time (a grain's); calls interleave where they wait.</summary>
internal sealed class QueueDoor
{
    private readonly PartitionDefinition _definition;
    private readonly IQueuePartitionGrain[] _partitions;
    private readonly ReceiveTurns _turns;
    private readonly HashSet<int> _damaged = []; // whose messages cannot go elsewhere still go there, and are refused
    private int _next;
    private bool _isGone;

    public QueueDoor(
        PartitionDefinition definition,
        IGrainFactory grains,
        WaitingReceivers waiting,
        TimeProvider time,
        ILogger logger,
        CancellationToken stopping)
    {
        _definition = definition;
        _partitions =
        [
            .. Enumerable.Range(0, definition.Queue.Partitions)
                .Select(index => grains.GetGrain<IQueuePartitionGrain>(index, definition.Key)),
        ];
        _turns = new ReceiveTurns(_partitions, change => waiting.Add(definition.Name, change), time, logger, stopping);
    }

    /// <summary>Whether messages come in and go out here: of a topic, or of its subscription.</summary>
    public PartitionRole Role => _definition.Role;

    /// <summary>The queue is not there any more: who wants it makes another, perhaps with other partitions.</summary>
    public bool IsGone => _isGone || _turns.IsGone;

    /// <summary>A partition has said that the queue is not there any more.</summary>
    public void Leave() => _isGone = true;

    public async Task<SendResult[][]> SendAsync(OutgoingMessage[][] batches)
    {
        SendRoutes routes = new(batches, _partitions.Length, NextUndamaged());
        await Task.WhenAll(routes.Parts.Select(async part =>
            routes.Answer(part.Value, await SendAsync(part.Key, part.Value))));
        return routes.Results;
    }

    public Task<LeasedContent[]> ReceiveAsync(
        int max, TimeSpan wait, TimeSpan? lease, CancellationToken cancellationToken) =>
        _turns.ReceiveAsync(max, wait, lease, cancellationToken);

    public async Task<LeasedContent[]> ReceiveDeferredAsync(MessagePosition[] positions, TimeSpan? lease)
    {
        LeasedContent[][] found = await Task.WhenAll(positions
            .GroupBy(position => position.Partition)
            .Select(group => PartitionOf(group.Key)
                .ReceiveDeferredAsync([.. group.Select(position => position.Offset)], lease)
                .AsTask()));
        return [.. found.SelectMany(one => one)];
    }

    public async Task<SettleOutcome[]> SettleAsync(Settlement[] settlements)
    {
        SettleOutcome[] outcomes = new SettleOutcome[settlements.Length];
        await Task.WhenAll(Enumerable.Range(0, settlements.Length)
            .GroupBy(index => settlements[index].Receipt.Partition)
            .Select(group => SettleAsync(settlements, [.. group], outcomes)));
        return outcomes;
    }

    public async Task<bool> CancelScheduledAsync(MessagePosition position) =>
        await PartitionOf(position.Partition).CancelScheduledAsync(position.Offset);

    public async Task<PeekedContent[]> PeekAsync(MessageState state, MessagePosition from, int max)
    {
        for (int partition = Math.Max(0, from.Partition); partition < _partitions.Length; partition++)
        {
            long offset = partition == from.Partition ? from.Offset : 0;
            PeekedContent[] found = await _partitions[partition].PeekAsync(state, offset, max);
            if (found.Length > 0)
            {
                return found;
            }
        }

        return [];
    }

    // One partition after the other: each answer may be as long as this call's may.
    public async Task<PeekedContent[]> PeekFailingAsync(int max)
    {
        PeekedContent[] oldest = [];
        foreach (IQueuePartitionGrain partition in _partitions)
        {
            PeekedContent[] found = await FailingOfAsync(partition, max);
            oldest =
            [
                .. oldest.Concat(found)
                    .OrderBy(static one => one.Content.EnqueuedAt).ThenBy(static one => one.Partition)
                    .ThenBy(static one => one.Description.Offset).Take(max),
            ];
        }

        return oldest[..MessageContents.CountWithin(oldest.Select(static one => one.Content), QueueLimits.MaxCallBytes)];
    }

    public Task<int> RedriveAsync(DeadFilter filter, int max) =>
        SumAsync(max, (partition, left) => partition.RedriveAsync(filter, left));

    public Task<int> PurgeAsync(MessageState state, DeadFilter filter, int max) =>
        SumAsync(max, (partition, left) => partition.PurgeAsync(state, filter, left));

    public Task SeekAsync(SubscriptionStart start) =>
        Task.WhenAll(_partitions.Select(partition => partition.SeekAsync(start).AsTask()));

    public async Task<QueueStatistics> GetStatisticsAsync() =>
        QueueStatistics.Sum(await Task.WhenAll(_partitions.Select(StatisticsOfAsync)));

    private static async Task<QueueStatistics> StatisticsOfAsync(IQueuePartitionGrain partition)
    {
        try
        {
            return await partition.GetStatisticsAsync();
        }
        catch (GranaryQueueDamagedException)
        {
            return new QueueStatistics { DamagedPartitions = 1 };
        }
    }

    // What is damaged the statistics tell.
    private static async Task<PeekedContent[]> FailingOfAsync(IQueuePartitionGrain partition, int max)
    {
        try
        {
            return await partition.PeekFailingAsync(max);
        }
        catch (GranaryQueueDamagedException)
        {
            return [];
        }
    }

    private async Task<int> SumAsync(int max, Func<IQueuePartitionGrain, int, ValueTask<int>> work)
    {
        int done = 0;
        for (int partition = 0; partition < _partitions.Length && done < max; partition++)
        {
            done += await work(_partitions[partition], max - done);
        }

        return done;
    }

    private async Task<SendResult[][]> SendAsync(int partition, SendPart part)
    {
        try
        {
            SendResult[][] results = await _partitions[partition].SendAsync(part.Batches);
            _damaged.Remove(partition);
            return results;
        }
        catch (Exception exception) // the edge: one partition
        {
            if (exception is GranaryQueueDamagedException)
            {
                _damaged.Add(partition);
            }

            _isGone |= exception is GranaryQueueNotFoundException;
            return part.Refuse(exception switch
            {
                GranaryQueueDamagedException => SendOutcome.Damaged,
                GranaryQueueNotFoundException => SendOutcome.Unavailable,
                _ => IsNotDone(exception) ? SendOutcome.Unavailable : SendOutcome.Unknown,
            });
        }
    }

    private async Task SettleAsync(Settlement[] settlements, int[] chosen, SettleOutcome[] outcomes)
    {
        int partition = settlements[chosen[0]].Receipt.Partition;
        SettleOutcome[] found = new SettleOutcome[chosen.Length];
        if (partition < 0 || partition >= _partitions.Length)
        {
            Array.Fill(found, SettleOutcome.LockLost); // a receipt of another queue
        }
        else
        {
            try
            {
                found = await _partitions[partition].SettleAsync(Array.ConvertAll(chosen, index => settlements[index]));
            }
            catch (Exception exception) // the edge: one partition
            {
                _isGone |= exception is GranaryQueueNotFoundException;
                Array.Fill(found, exception switch
                {
                    GranaryQueueNotFoundException => SettleOutcome.LockLost,
                    GranaryQueueDamagedException => SettleOutcome.Unavailable,
                    _ => IsNotDone(exception) ? SettleOutcome.Unavailable : SettleOutcome.Unknown,
                });
            }
        }

        for (int index = 0; index < chosen.Length; index++)
        {
            outcomes[chosen[index]] = found[index];
        }
    }

    // A rejected message was not delivered; but Orleans breaks with a subclass of that also calls whose silo died.
    private static bool IsNotDone(Exception exception) =>
        exception is GranaryUnavailableException
            || (exception is OrleansMessageRejectionException and not SiloUnavailableException);

    private int NextUndamaged()
    {
        int first = _next++;
        for (int index = 0; index < _partitions.Length; index++)
        {
            int partition = (first + index) % _partitions.Length;
            if (!_damaged.Contains(partition))
            {
                _next = partition + 1;
                return partition;
            }
        }

        return first % _partitions.Length;
    }

    private IQueuePartitionGrain PartitionOf(int index) =>
        index >= 0 && index < _partitions.Length
            ? _partitions[index]
            : throw new ArgumentException(
                $"'{_definition.Queue.Name}' has no partition {index}; it has {_partitions.Length}.", nameof(index));
}
