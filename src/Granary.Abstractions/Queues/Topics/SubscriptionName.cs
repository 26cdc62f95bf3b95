namespace Granary.Queues;

/// <summary>Where a receiver is for a subscription instead of a queue, it is named <c>topic/subscription</c>.</summary>
public static class SubscriptionName
{
    private const char Separator = '/'; // no name has it

    /// <summary>The name of both.</summary>
    /// <exception cref="ArgumentException">One of them is no name.</exception>
    public static string Of(string topic, string subscription)
    {
        QueueLimits.CheckName(topic);
        QueueLimits.CheckName(subscription);
        return $"{topic}{Separator}{subscription}";
    }

    /// <summary>Takes it apart. A queue's name has no subscription.</summary>
    public static (string Queue, string? Subscription) Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int separator = name.IndexOf(Separator, StringComparison.Ordinal);
        return separator < 0 ? (name, null) : (name[..separator], name[(separator + 1)..]);
    }

    /// <summary>Throws if it names neither a queue nor a subscription.</summary>
    /// <exception cref="ArgumentException">Names the text and the rule.</exception>
    public static void Check(string name)
    {
        (string queue, string? subscription) = Read(name);
        QueueLimits.CheckName(queue);
        if (subscription is not null)
        {
            QueueLimits.CheckName(subscription);
        }
    }
}
