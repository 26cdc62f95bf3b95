namespace Granary.Queues.Messages;

/// <summary>A message as the log has it.</summary>
/// <param name="Offset">In its partition.</param>
/// <param name="EnqueuedAt">Unix milliseconds.</param>
/// <param name="DueAt">Unix milliseconds; 0 if it was not scheduled.</param>
/// <param name="ExpiresAt">Unix milliseconds; <see cref="long.MaxValue"/> if never.</param>
/// <param name="MessageId">As it was sent.</param>
/// <param name="Group">As it was sent.</param>
/// <param name="Headers">As they were sent.</param>
/// <param name="Body">As it was sent.</param>
public sealed record StoredMessage(
    long Offset,
    long EnqueuedAt,
    long DueAt,
    long ExpiresAt,
    string? MessageId,
    string? Group,
    ReadOnlyMemory<byte> Headers,
    ReadOnlyMemory<byte> Body);
