namespace Granary.Queues;

/// <summary>A message as the log has it.</summary>
/// <param name="Offset">In its partition.</param>
/// <param name="EnqueuedAt">Unix milliseconds.</param>
/// <param name="DueAt">Unix milliseconds; 0 if it was not scheduled.</param>
/// <param name="ExpiresAt">Unix milliseconds; <see cref="long.MaxValue"/> if never.</param>
/// <param name="MessageId">As it was sent.</param>
/// <param name="Group">As it was sent.</param>
/// <param name="Headers">As they were sent.</param>
/// <param name="Body">As it was sent.</param>
[GenerateSerializer, Immutable, Alias("granary.StoredMessage")]
public sealed record StoredMessage(
    [property: Id(0)] long Offset,
    [property: Id(1)] long EnqueuedAt,
    [property: Id(2)] long DueAt,
    [property: Id(3)] long ExpiresAt,
    [property: Id(4)] string? MessageId,
    [property: Id(5)] string? Group,
    [property: Id(6)] ReadOnlyMemory<byte> Headers,
    [property: Id(7)] ReadOnlyMemory<byte> Body);
