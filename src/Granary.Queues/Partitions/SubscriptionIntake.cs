using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>What a subscription's partition takes from its topic. Used as the partition is: by one thread.</summary>
internal sealed class SubscriptionIntake(
    PartitionHistory history, PartitionJournal journal, PartitionCounters counters, CurrentOptions options, long epoch)
{
    // Ready ones, ahead of receivers: their contents are not held, but it is what a crash takes again.
    private const int MaxAhead = 16_384;

    // What is said to be needed is longer than it is, rather than longer than this.
    private const int MaxRuns = 1000;

    /// <summary>Where it goes on; <see langword="null"/>: it has not begun.</summary>
    public TopicPlace? Place => history.Place;

    /// <summary>Whether it is to take more.</summary>
    public bool HasRoom =>
        history.Messages.Count(MessageState.Ready) < MaxAhead && history.Messages.Length < options.Value.MaxLength;

    /// <summary>Takes what follows. What was taken already is left out: a reading may be repeated.</summary>
    /// <param name="part">From <see cref="Place"/> on.</param>
    /// <param name="filter">Which of its messages are meant.</param>
    public void Take(TopicPart part, Func<StoredMessage, bool> filter)
    {
        if (history.Place is not { } place || part.End <= place.Offset)
        {
            return;
        }

        long notBefore = place.NotBefore;
        List<ReadyRange> ranges = [];
        List<StoredMessage> others = [];
        foreach (StoredMessage message in part.Messages)
        {
            if (message.Offset < place.Offset || message.EnqueuedAt < notBefore)
            {
                continue;
            }

            notBefore = 0; // what follows was sent later, whatever another silo's clock says
            if (!filter(message))
            {
                continue;
            }

            counters.Written(RecordKind.Sent);
            if (message.Group is not null || message.DueAt != 0)
            {
                others.Add(message);
                continue;
            }

            ReadyRange one = new(message.Offset, 1, message.EnqueuedAt, message.ExpiresAt);
            if (ranges.Count > 0 && one.Continues(ranges[^1]))
            {
                ranges[^1] = ranges[^1] with { Count = ranges[^1].Count + 1 };
            }
            else
            {
                ranges.Add(one);
            }
        }

        journal.Write(new FeedRecord(RecordKind.Taken, part.End) { NotBefore = notBefore, Ranges = ranges, Messages = others });
    }

    /// <summary>Begins.</summary>
    public void Begin(TopicPlace place) => Seek(place, epoch - 1);

    /// <summary>
    /// Goes on elsewhere, with nothing. The owner is to be replaced then: receipts that it has given are of another time.
    /// </summary>
    public void Seek(TopicPlace place) => Seek(place, epoch);

    /// <summary>What is needed of the topic: contents of what it has, and all that follows.</summary>
    public OffsetRange[] Needed()
    {
        if (history.Place is not { } place)
        {
            return [];
        }

        List<OffsetRange> runs = [];
        foreach ((long first, long end) in history.Messages.LiveRuns())
        {
            bool extends = runs.Count > 0 && (first <= runs[^1].End || runs.Count == MaxRuns);
            if (extends)
            {
                runs[^1] = new OffsetRange(runs[^1].First, end);
            }
            else
            {
                runs.Add(new OffsetRange(first, end));
            }
        }

        runs.Add(new OffsetRange(place.Offset, long.MaxValue));
        return [.. runs];
    }

    private void Seek(TopicPlace place, long soughtEpoch) => journal.Write(
        new FeedRecord(RecordKind.Sought, place.Offset) { NotBefore = place.NotBefore, Epoch = soughtEpoch });
}
