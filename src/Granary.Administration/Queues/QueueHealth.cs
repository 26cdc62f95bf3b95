namespace Granary.Administration.Queues;

/// <summary>How a queue does, in a word.</summary>
public enum QueueHealth
{
    /// <summary>There is nothing to do.</summary>
    Idle,

    /// <summary>What comes is worked on.</summary>
    Ok,

    /// <summary>More waits than is worked on at once.</summary>
    Busy,

    /// <summary>An operator has paused it.</summary>
    Paused,

    /// <summary>Much of what is tried fails.</summary>
    Failing,

    /// <summary>Messages wait, and nobody takes them.</summary>
    Stuck,

    /// <summary>A part of its log is not as it was written.</summary>
    Damaged,
}
