namespace Granary.Queues.Records;

/// <summary>
/// One change of one message: the effect, not the command, so that reading it again needs neither clock nor chance.
/// A field that the kind does not use is 0 or null and is not written.
/// </summary>
internal readonly record struct QueueRecord(RecordKind Kind, long Offset)
{
    /// <summary>Unix milliseconds.</summary>
    public long At { get; init; }

    /// <summary>Leases of the message that have ended, the one that this record ends included.</summary>
    public int Acquired { get; init; }

    /// <summary>Failures of the message.</summary>
    public int Deliveries { get; init; }

    /// <summary>Unix milliseconds; 0: ready at once.</summary>
    public long DueAt { get; init; }

    public string? Reason { get; init; }

    public string? Details { get; init; }
}
