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

    /// <summary>Makes a queue or a topic, or gives an existing one these options. One that is paused stays so.</summary>
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

    /// <summary>
    /// Pauses or resumes a queue or a subscription (<see cref="SubscriptionName"/>), and leaves the rest of its definition as
    /// it is. When it has returned, every partition knows.
    /// </summary>
    /// <returns>False if it is not there.</returns>
    /// <exception cref="ArgumentException">It is a topic, or no name.</exception>
    [Alias("SetPaused"), ResponseTimeout("00:00:10")]
    ValueTask<bool> SetPausedAsync(string name, bool isPaused);

    /// <summary>
    /// Receives that wait for a message now, by queue or subscription, of all silos that answer. Where nobody waits there is
    /// no entry.
    /// </summary>
    [Alias("GetWaitingReceivers"), ResponseTimeout("00:00:10")]
    ValueTask<Dictionary<string, int>> GetWaitingReceiversAsync();

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
