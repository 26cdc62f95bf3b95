using Granary.Queues;

namespace Granary.Client;

/// <summary>A confirmed send.</summary>
/// <param name="Position">Where the message is.</param>
/// <param name="IsDuplicate">Whether a message with this MessageId was stored before: the position is that one's.</param>
public readonly record struct SendReceipt(MessagePosition Position, bool IsDuplicate);
