namespace Granary.Queues;

/// <summary>What became of a send.</summary>
public enum SendOutcome
{
    /// <summary>Stored.</summary>
    Accepted,

    /// <summary>A message with this MessageId was stored before; the offset is that one's.</summary>
    Duplicate,

    /// <summary>The partition holds <see cref="QueueOptions.MaxLength"/> messages. Nothing of the batch is stored.</summary>
    Full,

    /// <summary>The log has no room for more messages. Nothing of the batch is stored.</summary>
    StorageFull,

    /// <summary>Longer than <see cref="QueueOptions.MaxMessageBytes"/>. Nothing of the batch is stored.</summary>
    TooLarge,

    /// <summary>The log of its partition is damaged and waits for an operator. Not stored.</summary>
    Damaged,

    /// <summary>Its partition could not be reached. Not stored; try again.</summary>
    Unavailable,

    /// <summary>No answer came from its partition: it may be stored. With a MessageId it can be sent again.</summary>
    Unknown,
}
