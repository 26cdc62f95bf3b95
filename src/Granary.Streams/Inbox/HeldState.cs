namespace Granary.Streams.Inbox;

/// <summary>Whether a message can be delivered.</summary>
internal enum HeldState
{
    /// <summary>Leased.</summary>
    Held,

    /// <summary>Given back as failed, or its lease has ended: it is leased again, or somebody else has it.</summary>
    Lost,

    /// <summary>Not this agent's any more: dead, or somebody else has it.</summary>
    Gone,
}
