using Granary.Queues.Logs;
using Granary.Queues.Partitions;
using Granary.Queues.Topics;

namespace Granary.Queues.Owners;

/// <summary>Rebuilds a partition from its log: the snapshot, then every row after it.</summary>
internal static class PartitionRecovery
{
    private const int ReadBytes = 1 << 20;

    /// <exception cref="QueueDamagedException">A row is missing, or cannot be read.</exception>
    public static async Task<RecoveredPartition> RecoverAsync(
        IPartitionLog log,
        PartitionId id,
        PartitionOpening opening,
        PartitionDefinition definition,
        Random random,
        CancellationToken cancellationToken)
    {
        QueuePartition partition = new(definition.Options, id.Index, opening.Epoch, random, definition.Role);
        long sinceSnapshot = 0;
        try
        {
            if (!opening.Snapshot.IsEmpty)
            {
                partition.Restore(opening.Snapshot);
            }

            while (partition.NextOffset < opening.NextOffset)
            {
                IReadOnlyList<LogRow> rows = await log
                    .ReadAsync(id, partition.NextOffset, ReadBytes, cancellationToken)
                    .ConfigureAwait(false);
                Replay(partition, rows, opening.NextOffset);
                sinceSnapshot += rows.Sum(static row => CommitPlan.WeightOf(row.FirstOffset, row.NextOffset, row.Payload.Length));
            }

            partition.Options.IsPaused = definition.IsPaused;
            partition.SetTopic(definition.Queue);
            return new RecoveredPartition(partition, opening.Snapshot.Length, sinceSnapshot);
        }
        catch (InvalidDataException exception)
        {
            LogDamage damage = new(id, partition.NextOffset, exception.Message);
            await ReportAsync(log, damage, opening.Epoch, cancellationToken).ConfigureAwait(false);
            throw new QueueDamagedException(damage);
        }
    }

    /// <summary>Reports what an owner has found, unless it is the owner no more: then it is the next owner's doing.</summary>
    /// <exception cref="GranaryUnavailableException">It is no damage, or nobody knows.</exception>
    public static async Task ReportAsync(
        IPartitionLog log, LogDamage damage, long epoch, CancellationToken cancellationToken)
    {
        if (!await log.IsOwnerAsync(damage.Partition, epoch, cancellationToken).ConfigureAwait(false))
        {
            throw new GranaryUnavailableException($"Partition {damage.Partition} has another owner by now.");
        }

        log.Report(damage);
    }

    private static void Replay(QueuePartition partition, IReadOnlyList<LogRow> rows, long end)
    {
        if (rows.Count == 0)
        {
            throw new InvalidDataException($"The log ends at {partition.NextOffset}, not at {end}.");
        }

        foreach (LogRow row in rows)
        {
            partition.Replay(row.FirstOffset, row.NextOffset, row.Payload);
        }
    }
}
