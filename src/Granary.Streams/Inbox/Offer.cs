namespace Granary.Streams.Inbox;

/// <summary>What the agent is told: a stream has something for its subscriptions, or they are to be asked for.</summary>
/// <param name="Lane">Of which stream.</param>
/// <param name="Sequence">From where on.</param>
/// <param name="Message">The message there; <see langword="null"/>: nothing is to be delivered.</param>
internal readonly record struct Offer(StreamLane Lane, long Sequence, HeldMessage? Message);
