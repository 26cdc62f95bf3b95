using System.IO.Hashing;
using System.Runtime.InteropServices;
using Granary.Queues;
using Granary.Streams.Partitions;
using Orleans.Serialization;

namespace Granary.Streams.Subscriptions;

// A queue partition as a durable dictionary, so that subscriptions are where the messages are, in the same database, moved
// and fenced in the same way. A state is a message that is never due, which keeps it out of every receiver's hands: a write
// sends the next one and cancels the one before. Its MessageId names the key and the version, so of two writers that have read
// the same state one is told that it comes second. A state that is cleared leaves an empty one behind for as long as a
// MessageId is remembered: else the next first version would be taken for the last one.

/// <summary>The states that a partition has. One call at a time.</summary>
internal sealed class StateMessages(
    ProviderQueue queue, int index, PartitionSender sender, Serializer<StreamState> serializer, TimeProvider time)
{
    private const int LoadPage = 1024;

    // Longer than a MessageId is remembered.
    private static readonly TimeSpan EmptyTime = 2 * QueueLimits.MinDeduplicationWindow;

    private readonly Dictionary<string, (StreamState State, long Offset)> _states = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, long At)> _empty = [];

    /// <summary>States that are there.</summary>
    public int Count => _states.Count - _empty.Count;

    /// <summary>Options of the queue that it is in.</summary>
    public static QueueOptions QueueOptions => new()
    {
        MaxMessageBytes = QueueLimits.MaxMessageBytes,
        DeduplicationWindow = QueueLimits.MinDeduplicationWindow,
    };

    /// <summary>Reads all states.</summary>
    public async Task LoadAsync()
    {
        IQueuePartitionGrain partition = await queue.PartitionAsync(index);
        for (long from = 0; ;)
        {
            PeekedContent[] page = await partition.PeekAsync(MessageState.Delayed, from, LoadPage);
            if (page.Length == 0)
            {
                return;
            }

            foreach (PeekedContent one in page)
            {
                await AddAsync(serializer.Deserialize(one.Content.Body)!, one.Description.Offset);
            }

            from = page[^1].Description.Offset + 1;
        }
    }

    /// <summary>Null: there is none.</summary>
    public StreamState? Find(string key) =>
        _states.TryGetValue(key, out var found) && !found.State.Content.IsEmpty ? found.State : null;

    /// <summary>Writes a state.</summary>
    /// <returns>The new version; 0: <paramref name="version"/> is not the one before.</returns>
    /// <exception cref="GranaryException">It may be written or not; all is to be read again.</exception>
    public async Task<long> WriteAsync(string key, long version, ReadOnlyMemory<byte> content)
    {
        await CancelEmptyAsync();
        if ((Find(key)?.Version ?? 0) != version)
        {
            return 0;
        }

        long last = _states.TryGetValue(key, out var before) ? before.State.Version : 0;
        StreamState next = new(key, last + 1, Guid.NewGuid(), content);
        SendResult sent = await sender.SendAsync(index, new OutgoingMessage
        {
            Body = serializer.SerializeToArray(next),
            MessageId = $"{Convert.ToHexString(XxHash128.Hash(MemoryMarshal.AsBytes(key.AsSpan())))}-{next.Version}",
            DueAt = DateTimeOffset.MaxValue,
        });
        if (sent.Outcome == SendOutcome.Duplicate && !await IsMineAsync(next, sent.Position.Offset))
        {
            throw new GranaryUnavailableException($"The subscriptions '{key}' were written by another silo.");
        }

        await AddAsync(next, sent.Position.Offset);
        return next.Version;
    }

    private async Task AddAsync(StreamState state, long offset)
    {
        bool isKnown = _states.TryGetValue(state.Key, out var known);
        if (isKnown && known.State.Version >= state.Version)
        {
            await CancelAsync(offset);
            return;
        }

        _states[state.Key] = (state, offset);
        if (state.Content.IsEmpty)
        {
            _empty.Enqueue((state.Key, time.GetTimestamp()));
        }

        if (isKnown)
        {
            await CancelAsync(known.Offset);
        }
    }

    private async Task CancelEmptyAsync()
    {
        while (_empty.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > EmptyTime)
        {
            _empty.Dequeue();
            if (_states.TryGetValue(oldest.Key, out var found) && found.State.Content.IsEmpty
                && _empty.All(one => one.Key != oldest.Key))
            {
                _states.Remove(oldest.Key);
                await CancelAsync(found.Offset);
            }
        }
    }

    // What is not cancelled is older than another of its key, and cancelled when all is read again.
    private async Task CancelAsync(long offset)
    {
        try
        {
            IQueuePartitionGrain partition = await queue.PartitionAsync(index);
            await partition.CancelScheduledAsync(offset);
        }
        catch (GranaryException)
        {
        }
    }

    private async Task<bool> IsMineAsync(StreamState state, long offset)
    {
        IQueuePartitionGrain partition = await queue.PartitionAsync(index);
        PeekedContent[] found = await partition.PeekAsync(MessageState.Delayed, offset, 1);
        return found.Length == 1
            && found[0].Description.Offset == offset
            && serializer.Deserialize(found[0].Content.Body)!.Writer == state.Writer;
    }
}
