namespace Granary.Queues.Logs;

/// <summary>What became of a commit.</summary>
public enum CommitOutcome
{
    /// <summary>Written, as durable as asked.</summary>
    Committed,

    /// <summary>Another owner has opened the partition since. Not written.</summary>
    Stale,

    /// <summary>No room, not even in the reserve. Not written.</summary>
    Full,

    /// <summary>The log could not be reached. Not written.</summary>
    Unreachable,

    /// <summary>The log failed. Not written, or not known: open the partition again to know.</summary>
    Failed,
}
