
namespace Granary.Queues.Partitions;

/// <summary>A message that has a story: a receiver, a group, a due time, failures. Without one it is in a range.</summary>
internal sealed class MessageEntry(long offset)
{
    public const int MaxFailures = 10; // kept; of more, the last

    public long Offset { get; } = offset;

    public MessageState State { get; set; }

    /// <summary>Leases that have ended. The present one, if any, is the next.</summary>
    public int Acquired { get; set; }

    /// <summary>Failures since it was sent or redriven.</summary>
    public int Deliveries { get; set; }

    public long EnqueuedAt { get; set; }

    public long ExpiresAt { get; set; } = long.MaxValue;

    /// <summary>Unix milliseconds; of a message that is delayed.</summary>
    public long DueAt { get; set; }

    public string? Group { get; set; }

    /// <summary>Epoch of the owner that gave the present lease.</summary>
    public long LeaseEpoch { get; set; }

    /// <summary>Monotonic milliseconds.</summary>
    public long LeasedAt { get; set; }

    /// <summary>Monotonic milliseconds.</summary>
    public long LeaseUntil { get; set; }

    /// <summary>
    /// The last lease, if it ended by itself and nobody has had the message since: its holder may still complete. Not
    /// written, because the lease that would end it is not either.
    /// </summary>
    public (int Attempt, long Epoch) Lapsed { get; set; }

    public string? Reason { get; set; }

    public string? Details { get; set; }

    public List<Failure>? Failures { get; set; }

    /// <summary>Its place in the heap of its state; -1 if it is in none.</summary>
    public int HeapIndex { get; set; } = -1;

    /// <summary>When its state ends by itself, by the clock of its state.</summary>
    public long Deadline => State == MessageState.Leased ? LeaseUntil : DueAt;

    public void AddFailure(Failure failure)
    {
        Failures ??= [];
        if (Failures.Count == MaxFailures)
        {
            Failures.RemoveAt(0);
        }

        Failures.Add(failure);
    }

    public MessageDescription Describe() =>
        new(
            Offset,
            State,
            Deliveries,
            Acquired,
            Group,
            State == MessageState.Delayed ? DueAt : 0,
            Reason,
            Details,
            Failures is null ? [] : [.. Failures]);
}
