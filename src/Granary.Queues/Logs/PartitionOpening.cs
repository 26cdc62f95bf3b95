namespace Granary.Queues.Logs;

/// <summary>What an owner starts from.</summary>
/// <param name="Epoch">Its own; goes with every commit.</param>
/// <param name="Snapshot">Empty: none yet.</param>
/// <param name="SnapshotOffset">Rows from here on come after the snapshot.</param>
/// <param name="NextOffset">Where the log ends.</param>
public sealed record PartitionOpening(long Epoch, ReadOnlyMemory<byte> Snapshot, long SnapshotOffset, long NextOffset)
{
    /// <summary>What the owner before has left when it let go (<see cref="IPartitionLog.ReleaseAsync"/>). Empty: nothing.</summary>
    public ReadOnlyMemory<byte> Leases { get; init; }
}
