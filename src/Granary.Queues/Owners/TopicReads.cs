using Granary.Queues.Logs;
using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>Gives a topic's messages to its subscriptions. Safe: the state machine is used within the owner's commands only.</summary>
internal sealed class TopicReads(
    PartitionOwner owner, QueuePartition partition, MessageContents contents, IPartitionLog log, TimeProvider time)
{
    // What is not needed any more is trimmed when it is so much, though nothing is sent.
    private const long TrimBytes = 8 << 20;

    private static readonly TimeSpan TrimPause = TimeSpan.FromSeconds(1); // between two looks, which take a moment

    private readonly ReadySignal _written = new();
    private long _lookedAt = time.GetTimestamp();

    /// <summary>Something is durable. Under the owner's lock.</summary>
    public void Written() => _written.SetIf(true);

    /// <summary>Nobody is to wait any more. Under the owner's lock.</summary>
    public void Fail(Exception failure) => _written.Fail(failure);

    /// <summary>As <see cref="IQueuePartitionGrain.FindPlaceAsync"/>; answers when it is durable that messages from there on are kept.</summary>
    public Task<TopicPlace> FindPlaceAsync(Guid subscription, long epoch, MessagePosition? named, SubscriptionStart start) =>
        owner.ExecuteAsync((topic, _) =>
        {
            long first = topic.Topic!.FirstOffset(topic.NextOffset);
            TopicPlace place = start.Kind switch
            {
                SubscriptionStartKind.End => new TopicPlace(topic.NextOffset, 0),
                SubscriptionStartKind.Time => PlaceAt(topic, start.Time.ToUnixTimeMilliseconds()),
                SubscriptionStartKind.Positions when named is { } position =>
                    new TopicPlace(Math.Clamp(position.Offset, first, topic.NextOffset), 0),
                _ => new TopicPlace(first, 0),
            };
            topic.TopicCommands.Register(subscription, epoch, place.Offset);
            return place;
        });

    /// <summary>As <see cref="IQueuePartitionGrain.ReadAsync"/>.</summary>
    /// <exception cref="QueueDamagedException">The log does not have a message as it was written.</exception>
    public async Task<TopicPart> ReadAsync(TopicNeed need, long from, TimeSpan wait, CancellationToken cancellationToken)
    {
        (bool isRegistered, long durable, Task written) = await owner
            .ExecuteAsync(
                now =>
                {
                    partition.Topic!.Need(need);
                    TrimIfWorthIt(now);
                    return (partition.Topic.IsRegistered(need.Subscription), owner.DurableOffset, _written.Next);
                },
                static _ => false)
            .ConfigureAwait(false);
        if (!isRegistered)
        {
            return TopicPart.NotRegistered;
        }

        if (durable <= from)
        {
            try
            {
                await written.WaitAsync(wait, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return new TopicPart(from, []);
            }

            durable = owner.DurableOffset;
        }

        return await contents.ReadFromAsync(from, durable, cancellationToken).ConfigureAwait(false);
    }

    private static TopicPlace PlaceAt(QueuePartition topic, long utc) => new(topic.Topic!.Find(utc, topic.NextOffset), utc);

    private void TrimIfWorthIt(PartitionTime now)
    {
        if (time.GetElapsedTime(_lookedAt) < TrimPause)
        {
            return;
        }

        _lookedAt = time.GetTimestamp();
        long releasable = partition.Topic!.ReleasableBytes(now.Utc, partition.NextOffset);
        if (releasable > TrimBytes || (releasable > 0 && !log.HasRoom))
        {
            owner.TrimSoon();
        }
    }
}
