namespace Granary.Queues.Messages;

/// <summary>One failed delivery.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Reason">What the receiver said, or <see cref="DeadLetterReasons.LeaseExpired"/>.</param>
public readonly record struct Failure(long At, string Reason);
