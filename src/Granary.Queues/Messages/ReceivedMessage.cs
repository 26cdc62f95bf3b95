namespace Granary.Queues.Messages;

/// <summary>A leased message with its content.</summary>
/// <param name="Lease">The receipt and the counters.</param>
/// <param name="Content">As it was sent.</param>
public sealed record ReceivedMessage(LeasedMessage Lease, StoredMessage Content);
