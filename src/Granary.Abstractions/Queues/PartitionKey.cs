using System.Globalization;

namespace Granary.Queues;

/// <summary>The part of a partition grain's key that names the queue, or the subscription, and its creation.</summary>
public static class PartitionKey
{
    private const char Separator = '/'; // no name has it, but between a topic and a subscription

    /// <summary>Of the partitions of a queue that there is.</summary>
    public static string Of(QueueDefinition queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return Of(queue.Name, queue.Creation);
    }

    /// <summary>Of the partitions of a queue, or a subscription (<see cref="SubscriptionName"/>).</summary>
    public static string Of(string name, Guid creation) => creation == Guid.Empty
        ? name
        : string.Create(CultureInfo.InvariantCulture, $"{name}{Separator}{creation:N}");

    /// <summary>What <see cref="Of(string, Guid)"/> has made.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static (string Name, Guid Creation) Read(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int name = key.LastIndexOf(Separator);
        return name < 0 ? (key, Guid.Empty) : (key[..name], Guid.ParseExact(key.AsSpan(name + 1), "N"));
    }
}
