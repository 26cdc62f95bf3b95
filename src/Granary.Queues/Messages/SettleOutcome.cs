namespace Granary.Queues.Messages;

/// <summary>What became of a settlement.</summary>
public enum SettleOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The receipt does not hold the message any more: it was settled, leased to another, or dead-lettered.</summary>
    LockLost,
}
