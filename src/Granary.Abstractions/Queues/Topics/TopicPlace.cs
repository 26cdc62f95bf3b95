namespace Granary.Queues;

/// <summary>Silo to silo: where a subscription goes on in a partition of its topic.</summary>
/// <param name="Offset">The first message that may be for it.</param>
/// <param name="NotBefore">Unix milliseconds: older messages are not for it.</param>
[GenerateSerializer, Immutable, Alias("granary.TopicPlace")]
public readonly record struct TopicPlace([property: Id(0)] long Offset, [property: Id(1)] long NotBefore);
