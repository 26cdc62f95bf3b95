namespace Granary.Streams.Inbox;

/// <summary>Which messages are parked, and which of them are to be taken out. One thread.</summary>
/// <param name="limits">How many, and how long.</param>
/// <param name="time">Tells what has been parked too long.</param>
/// <param name="wanting">Set when something is to be taken out.</param>
internal sealed class LanePark(InboxLimits limits, TimeProvider time, Signal wanting)
{
    private readonly Queue<Recall> _recalls = [];

    /// <summary>Messages, of all lanes.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count >= limits.Parked;

    public void Add(StreamLane lane, long offset, long enqueuedAt) =>
        Count += lane.Parked.TryAdd(offset, enqueuedAt) ? 1 : 0;

    public void Remove(StreamLane lane, long offset) => Count -= lane.Parked.Remove(offset) ? 1 : 0;

    /// <summary>Takes messages out for who listens, or those that have waited too long if nobody does.</summary>
    /// <param name="lane">Of which stream.</param>
    /// <param name="quota">How long the lane may be.</param>
    /// <param name="quotaBytes">And how many bytes it may have, unless it is empty.</param>
    public void Want(StreamLane lane, int quota, long quotaBytes)
    {
        bool isExpired = lane.Readers.Count == 0;
        bool isLong = lane.Messages.Count > quota / 2 || (lane.Messages.Count > 0 && lane.LengthBytes > quotaBytes / 2);
        if (lane.IsRecalling || lane.Parked.Count == 0 || (!isExpired && isLong))
        {
            return;
        }

        int most = isExpired ? limits.Recall : Math.Clamp(quota - lane.Messages.Count, 1, limits.Recall);
        long before = isExpired ? (time.GetUtcNow() - limits.Retention).ToUnixTimeMilliseconds() : long.MaxValue;
        long[] offsets = lane.Parked.Peek(most, before);
        if (offsets.Length > 0)
        {
            lane.IsRecalling = true;
            _recalls.Enqueue(new Recall(lane, offsets, isExpired));
            wanting.Set();
        }
    }

    /// <param name="room">Messages that may be taken out.</param>
    /// <returns>What is to be taken out next; null: nothing, or there is no room. What it leaves stays parked.</returns>
    public Recall? Take(int room) => room > 0 && _recalls.TryDequeue(out Recall? recall)
        ? recall with { Offsets = recall.Offsets[..Math.Min(room, recall.Offsets.Length)] }
        : null;

    /// <summary>Of those that were to be taken out, the ones before the last that was are not parked any more.</summary>
    public void Taken(Recall recall, long last)
    {
        foreach (long offset in recall.Offsets.Where(offset => offset <= last))
        {
            Remove(recall.Lane, offset);
        }
    }
}
