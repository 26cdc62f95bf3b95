namespace Granary.Queues.Logs.PostgreSql;

/// <summary>What the database has of a partition's owner.</summary>
/// <param name="Number">Of the partition.</param>
/// <param name="Epoch">The owner's.</param>
/// <param name="NextOffset">Where the log ends.</param>
/// <param name="Leases">What the owner has left for the next one.</param>
internal sealed record PartitionOwnerRow(long Number, long Epoch, long NextOffset, ReadOnlyMemory<byte> Leases);
