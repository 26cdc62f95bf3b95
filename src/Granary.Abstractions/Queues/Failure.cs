namespace Granary.Queues;

/// <summary>One failed delivery.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Reason">What the receiver said, or <see cref="DeadLetterReasons.LeaseExpired"/>.</param>
[GenerateSerializer, Immutable, Alias("granary.Failure")]
public readonly record struct Failure([property: Id(0)] long At, [property: Id(1)] string Reason);
