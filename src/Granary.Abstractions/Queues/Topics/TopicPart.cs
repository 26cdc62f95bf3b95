namespace Granary.Queues;

/// <summary>Silo to silo: messages of a topic's partition, in order, which are durable.</summary>
/// <param name="End">Those that follow have this offset or a higher one.</param>
/// <param name="Messages">What there is before.</param>
[GenerateSerializer, Immutable, Alias("granary.TopicPart")]
public readonly record struct TopicPart([property: Id(0)] long End, [property: Id(1)] StoredMessage[] Messages)
{
    /// <summary>Nothing is kept for the subscription that asks: it is to say from where on.</summary>
    public static TopicPart NotRegistered { get; } = new(-1, []);

    /// <summary>False: it is <see cref="NotRegistered"/>.</summary>
    public bool IsRegistered => End >= 0;
}
