using Granary.Queues.Logs;
using Granary.Queues.Partitions;
using Granary.Queues.Topics;

namespace Granary.Queues.Owners;

/// <summary>How a partition comes to an owner, and from one to the next with its leases.</summary>
internal static class OwnerChange
{
    /// <summary>Takes a partition over and rebuilds its state.</summary>
    /// <param name="log">Where its rows are.</param>
    /// <param name="id">Names it.</param>
    /// <param name="definition">What it is.</param>
    /// <param name="time">For leases, due times and expirations.</param>
    /// <param name="random">Spreads retries.</param>
    /// <param name="leases">Of the owner before, if that was this process's; it may have failed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="QueueDamagedException">The log is damaged.</exception>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    public static async Task<PartitionOwner> OpenAsync(
        IPartitionLog log,
        PartitionId id,
        PartitionDefinition definition,
        TimeProvider time,
        Random random,
        LeaseHandOver? leases,
        CancellationToken cancellationToken)
    {
        PartitionOpening opening = await log.OpenAsync(id, cancellationToken).ConfigureAwait(false);
        RecoveredPartition recovered = await PartitionRecovery
            .RecoverAsync(log, id, opening, definition, random, cancellationToken)
            .ConfigureAwait(false);
        LeaseHandOver? last = leases?.Epoch == opening.Epoch - 1 ? leases : LeaseHandOver.Read(opening.Leases);
        if (last?.Epoch == opening.Epoch - 1)
        {
            last.Restore(recovered.State.Messages, PartitionTime.Of(time));
        }

        PartitionOwner owner = new(log, id, time, recovered, opening.Epoch, PartitionDefinition.SourceOf(id));
        owner.Tick();
        return owner;
    }

    /// <summary>Leaves leases for the next owner. If that fails, their messages are ready for it: early, and not lost.</summary>
    public static async Task ReleaseAsync(IPartitionLog log, PartitionId id, LeaseHandOver leases)
    {
        try
        {
            await log.ReleaseAsync(id, leases.Epoch, leases.Write(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (GranaryUnavailableException)
        {
        }
    }
}
