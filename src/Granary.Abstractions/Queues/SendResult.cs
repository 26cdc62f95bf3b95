namespace Granary.Queues;

/// <summary>The answer to one message of a send.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Position">Where it is; <see cref="MessagePosition.None"/> if it is not stored.</param>
[GenerateSerializer, Immutable, Alias("granary.SendResult")]
public readonly record struct SendResult([property: Id(0)] SendOutcome Outcome, [property: Id(1)] MessagePosition Position);
