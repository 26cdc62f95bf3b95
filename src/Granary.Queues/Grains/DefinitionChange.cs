namespace Granary.Queues.Grains;

/// <summary>What a definition becomes by a change, and which changes are none that can be made.</summary>
internal static class DefinitionChange
{
    /// <summary>Another definition. Which queue it is, what subscribes to it and whether it is paused stay as they are.</summary>
    /// <exception cref="ArgumentException">The queue that is there cannot become this one.</exception>
    public static QueueDefinition Put(QueueDefinition? existing, QueueDefinition definition)
    {
        if (existing is not null)
        {
            Check(existing, definition);
        }

        return definition with
        {
            Creation = existing?.Creation ?? Guid.NewGuid(),
            Subscriptions = existing?.Subscriptions ?? [],
            IsPaused = existing?.IsPaused ?? false,
        };
    }

    /// <summary>With a subscription, or with one of it; where it begins stays as it was when it was made.</summary>
    /// <exception cref="ArgumentException">A value makes no sense, there are too many, or what is there is a queue.</exception>
    public static QueueDefinition PutSubscription(
        QueueDefinition? existing, string name, SubscriptionDefinition subscription)
    {
        QueueDefinition topic =
            existing ?? new QueueDefinition(name, QueueDefinition.DefaultPartitions, new QueueOptions())
            {
                Creation = Guid.NewGuid(),
                Topic = new TopicOptions(),
            };
        if (topic.Topic is null)
        {
            throw new ArgumentException($"'{name}' is a queue, and has no subscriptions.", nameof(name));
        }

        topic.Validate();
        SubscriptionDefinition? known = topic.Find(subscription.Name);
        if (known is null && topic.Subscriptions.Count == QueueLimits.MaxSubscriptions)
        {
            throw new ArgumentException(
                $"Topic '{name}' has {QueueLimits.MaxSubscriptions} subscriptions, and no more may be; "
                + $"'{subscription.Name}' is not made.",
                nameof(subscription));
        }

        return With(topic, subscription with
        {
            Creation = known?.Creation ?? Guid.NewGuid(),
            Start = known?.Start ?? subscription.Start,
            IsPaused = known?.IsPaused ?? false,
        });
    }

    /// <summary>Without a subscription; <see langword="null"/>: it is not there.</summary>
    public static QueueDefinition? RemoveSubscription(QueueDefinition? existing, string subscription) =>
        existing?.Find(subscription) is null ? null : existing with { Subscriptions = [.. Others(existing, subscription)] };

    /// <summary>Paused or not; <see langword="null"/>: it is not there.</summary>
    /// <param name="existing">What is there.</param>
    /// <param name="subscription">Which of its subscriptions is meant; <see langword="null"/>: itself.</param>
    /// <param name="isPaused">What it is to be.</param>
    /// <exception cref="ArgumentException">A topic is meant.</exception>
    public static QueueDefinition? SetPaused(QueueDefinition? existing, string? subscription, bool isPaused)
    {
        if (subscription is not null)
        {
            return existing?.Find(subscription) is { } found ? With(existing, found with { IsPaused = isPaused }) : null;
        }

        if (existing?.Topic is not null)
        {
            throw new ArgumentException(
                $"'{existing.Name}' is a topic, and gives nothing out itself: pause and resume its subscriptions.",
                nameof(existing));
        }

        return existing is null ? null : existing with { IsPaused = isPaused };
    }

    private static void Check(QueueDefinition existing, QueueDefinition definition)
    {
        if (existing.Partitions != definition.Partitions)
        {
            throw new ArgumentException(
                $"Queue '{definition.Name}' has {existing.Partitions} partitions and cannot get {definition.Partitions}.",
                nameof(definition));
        }

        if ((existing.Topic is null) != (definition.Topic is null))
        {
            throw new ArgumentException(
                $"'{definition.Name}' is a {(existing.Topic is null ? "queue" : "topic")}, and stays one.", nameof(definition));
        }

        if ((existing.Options.Durability == Durability.Memory) != (definition.Options.Durability == Durability.Memory))
        {
            throw new ArgumentException(
                $"Queue '{definition.Name}' is {existing.Options.Durability} and cannot become "
                + $"{definition.Options.Durability}: its messages would stay behind.",
                nameof(definition));
        }
    }

    private static QueueDefinition With(QueueDefinition topic, SubscriptionDefinition subscription) => topic with
    {
        Subscriptions =
        [
            .. Others(topic, subscription.Name).Append(subscription).OrderBy(static one => one.Name, StringComparer.Ordinal),
        ],
    };

    private static IEnumerable<SubscriptionDefinition> Others(QueueDefinition topic, string but) =>
        topic.Subscriptions.Where(one => one.Name != but);
}
