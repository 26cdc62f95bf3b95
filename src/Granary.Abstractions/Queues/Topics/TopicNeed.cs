namespace Granary.Queues;

/// <summary>Silo to silo: what a subscription needs of a partition of its topic. The rest may be trimmed.</summary>
/// <param name="Subscription">Its creation.</param>
/// <param name="Epoch">Of the subscription's owner that says so. What an earlier one said does not count any more.</param>
/// <param name="Offsets">In order, without overlap; the last one has no end (<see cref="long.MaxValue"/>). Empty: as before.</param>
[GenerateSerializer, Immutable, Alias("granary.TopicNeed")]
public readonly record struct TopicNeed(
    [property: Id(0)] Guid Subscription, [property: Id(1)] long Epoch, [property: Id(2)] OffsetRange[] Offsets);
