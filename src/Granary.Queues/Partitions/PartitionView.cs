
namespace Granary.Queues.Partitions;

/// <summary>Looks at a partition without changing it.</summary>
internal static class PartitionView
{
    /// <summary>Of the messages of a state, in order.</summary>
    public static IEnumerable<long> Offsets(MessageTable messages, MessageState state, long fromOffset)
    {
        IEnumerable<long> entries = messages.Entries
            .Where(entry => entry.State == state && entry.Offset >= fromOffset)
            .Select(entry => entry.Offset)
            .Order();
        return state == MessageState.Ready ? Merge(entries, InRanges(messages, fromOffset)) : entries;
    }

    /// <summary>The first of those that have failed and are not given up.</summary>
    public static IReadOnlyList<MessageDescription> Failing(MessageTable messages, int max) =>
        [.. messages.Failing.Take(max).Select(entry => entry.Describe())];

    /// <summary>Whether a message is there, in any state.</summary>
    public static bool Contains(MessageTable messages, long offset) =>
        messages.Find(offset, make: false) is not null || messages.Ranges.Contains(offset);

    /// <summary>Those of the offsets that are deferred.</summary>
    public static IReadOnlyList<MessageDescription> FindDeferred(MessageTable messages, IEnumerable<long> offsets) =>
    [
        .. offsets
            .Select(offset => messages.Find(offset, make: false))
            .OfType<MessageEntry>()
            .Where(entry => entry.State == MessageState.Deferred)
            .Select(entry => entry.Describe()),
    ];

    public static MessageDescription Describe(MessageTable messages, long offset) =>
        messages.Find(offset, make: false)?.Describe()
        ?? new MessageDescription(offset, MessageState.Ready, 0, 0, null, 0, null, null, []);

    public static QueueStatistics Statistics(PartitionHistory history, PartitionTime now)
    {
        MessageTable messages = history.Messages;
        long readySince = messages.OldestReadyAt is > 0 and long at ? at : now.Utc;
        long leasedSince = messages.Leased.All.Select(entry => entry.LeasedAt).DefaultIfEmpty(now.Monotonic).Min();
        return new QueueStatistics
        {
            Ready = messages.Count(MessageState.Ready),
            Delayed = messages.Count(MessageState.Delayed),
            Leased = messages.Count(MessageState.Leased),
            Deferred = messages.Count(MessageState.Deferred),
            Dead = messages.Count(MessageState.Dead),
            RememberedIds = history.Deduplication.Count,
            IdsForgottenEarly = history.Deduplication.ForgottenEarly,
            OldestReadyAge = TimeSpan.FromMilliseconds(Math.Max(0, now.Utc - readySince)),
            OldestLeaseAge = TimeSpan.FromMilliseconds(now.Monotonic - leasedSince),
        };
    }

    private static IEnumerable<long> InRanges(MessageTable messages, long fromOffset)
    {
        foreach (ReadyRange range in messages.Ranges.All())
        {
            for (long offset = Math.Max(range.First, fromOffset); offset < range.End; offset++)
            {
                yield return offset;
            }
        }
    }

    private static IEnumerable<long> Merge(IEnumerable<long> one, IEnumerable<long> other)
    {
        using IEnumerator<long> left = one.GetEnumerator();
        using IEnumerator<long> right = other.GetEnumerator();
        bool hasLeft = left.MoveNext();
        bool hasRight = right.MoveNext();
        while (hasLeft || hasRight)
        {
            if (hasLeft && (!hasRight || left.Current < right.Current))
            {
                yield return left.Current;
                hasLeft = left.MoveNext();
            }
            else
            {
                yield return right.Current;
                hasRight = right.MoveNext();
            }
        }
    }
}
