namespace Granary.Queues.Records;

/// <summary>What a record says. The numbers are in the log: never changed, never used again.</summary>
internal enum RecordKind : byte
{
    Sent = 1,
    Completed = 2,
    Cancelled = 3,
    Expired = 4,
    Purged = 5,

    /// <summary>The receiver gave it back as failed.</summary>
    Abandoned = 6,

    /// <summary>The lease ended by itself: also a failure.</summary>
    Lapsed = 7,

    /// <summary>Given back without a failure.</summary>
    Released = 8,
    Deferred = 9,
    DeadLettered = 10,
    Redriven = 11,

    /// <summary>A deferred message was asked for by offset: it is in turn again, with whoever asked.</summary>
    Recalled = 12,

    /// <summary>A subscription has read its topic up to an offset, and these messages are for it.</summary>
    Taken = 13,

    /// <summary>A subscription goes on elsewhere in its topic, with nothing.</summary>
    Sought = 14,

    /// <summary>A topic keeps what comes from an offset on for a subscription.</summary>
    Needed = 15,

    /// <summary>With this commit a topic trims what nobody needs: a commit must have something.</summary>
    Trimmed = 16,
}
