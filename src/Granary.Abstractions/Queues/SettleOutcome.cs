namespace Granary.Queues;

/// <summary>What became of a settlement.</summary>
public enum SettleOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The receipt does not hold the message any more: it was settled, leased to another, or dead-lettered.</summary>
    LockLost,

    /// <summary>The partition could not be reached. Nothing changed; try again while the lease lasts.</summary>
    Unavailable,

    /// <summary>No answer came from the partition: it may be done.</summary>
    Unknown,
}
