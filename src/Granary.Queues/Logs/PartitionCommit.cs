
namespace Granary.Queues.Logs;

/// <summary>One row to write, and what may go with it.</summary>
/// <param name="Partition">Whose.</param>
/// <param name="Epoch">Of the owner.</param>
/// <param name="FirstOffset">Where the log must end now.</param>
/// <param name="NextOffset">Where it ends then; more than <paramref name="FirstOffset"/>.</param>
/// <param name="Payload">The records.</param>
/// <param name="Durability">What a confirmation promises.</param>
public sealed record PartitionCommit(
    PartitionId Partition,
    long Epoch,
    long FirstOffset,
    long NextOffset,
    ReadOnlyMemory<byte> Payload,
    Durability Durability)
{
    /// <summary>The state after this row. <see langword="null"/>: the last snapshot stays.</summary>
    public ReadOnlyMemory<byte>? Snapshot { get; init; }

    /// <summary>Offsets nobody needs: rows that lie wholly in one of these are deleted. Only with a snapshot.</summary>
    public IReadOnlyList<OffsetRange> Trim { get; init; } = [];
}
