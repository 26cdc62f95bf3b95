namespace Granary.Queues;

/// <summary>Where a message is in its life. A completed message is in none of these.</summary>
public enum MessageState
{
    /// <summary>To be delivered; of a group, perhaps after others.</summary>
    Ready,

    /// <summary>Not before its due time: scheduled, or failed and to be tried again.</summary>
    Delayed,

    /// <summary>A receiver has it.</summary>
    Leased,

    /// <summary>Put aside by a receiver; given out by offset only.</summary>
    Deferred,

    /// <summary>Dead-lettered: kept, with the reason, until it is redriven or purged.</summary>
    Dead,
}
