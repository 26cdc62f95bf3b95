namespace Granary.Queues;

/// <summary>The queues that there are. Its key is 0.</summary>
[Alias("granary.IQueueCatalogGrain")]
public interface IQueueCatalogGrain : IGrainWithIntegerKey
{
    /// <summary>The definition of a queue, which is made with default options if it is not there.</summary>
    [Alias("GetOrCreate"), ResponseTimeout("00:00:10")]
    ValueTask<QueueDefinition> GetOrCreateAsync(string name);

    /// <summary>The definition of a queue; <see langword="null"/> if it is not there.</summary>
    [Alias("Find"), ResponseTimeout("00:00:10")]
    ValueTask<QueueDefinition?> FindAsync(string name);

    /// <summary>Makes a queue or a topic, or gives an existing one these options.</summary>
    /// <exception cref="ArgumentException">A value makes no sense, or what is there has another number of partitions, or is no topic or no queue.</exception>
    [Alias("Put"), ResponseTimeout("00:00:10")]
    ValueTask PutAsync(QueueDefinition definition);

    /// <summary>
    /// Makes a subscription, or gives an existing one these options and this filter; a topic that is not there is made with
    /// default options. When it has returned, every message that is sent from then on is for the subscription.
    /// </summary>
    /// <exception cref="ArgumentException">A value makes no sense, or the name is a queue's.</exception>
    [Alias("PutSubscription"), ResponseTimeout("00:00:10")]
    ValueTask PutSubscriptionAsync(string topic, SubscriptionDefinition subscription);

    /// <summary>Removes a subscription and all it has. False if it was not there.</summary>
    [Alias("DeleteSubscription"), ResponseTimeout("00:00:30")]
    ValueTask<bool> DeleteSubscriptionAsync(string topic, string subscription);

    /// <summary>Removes a queue and all its messages. False if it was not there.</summary>
    [Alias("Delete"), ResponseTimeout("00:00:30")]
    ValueTask<bool> DeleteAsync(string name);

    /// <summary>All queues, by name.</summary>
    [Alias("List"), ResponseTimeout("00:00:10")]
    ValueTask<QueueDefinition[]> ListAsync();
}
