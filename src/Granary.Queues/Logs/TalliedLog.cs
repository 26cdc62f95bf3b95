namespace Granary.Queues.Logs;

/// <summary>A log whose commits are counted and timed, from when they begin to wait until they are written.</summary>
internal sealed class TalliedLog(IPartitionLog log, LogTally tally, TimeProvider time) : IPartitionLog
{
    public bool HasRoom => log.HasRoom;

    public IReadOnlyList<LogDamage> Damage => log.Damage;

    public long Transactions => log.Transactions;

    public long StrictTransactions => log.StrictTransactions;

    public void Report(LogDamage damage) => log.Report(damage);

    public Task<PartitionOpening> OpenAsync(PartitionId partition, CancellationToken cancellationToken) =>
        log.OpenAsync(partition, cancellationToken);

    public async Task<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        CommitOutcome outcome = CommitOutcome.Failed;
        try
        {
            outcome = await log.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            tally.Add(outcome, time.GetElapsedTime(began));
        }

        return outcome;
    }

    public Task ReleaseAsync(
        PartitionId partition, long epoch, ReadOnlyMemory<byte> leases, CancellationToken cancellationToken) =>
        log.ReleaseAsync(partition, epoch, leases, cancellationToken);

    public Task<bool> IsOwnerAsync(PartitionId partition, long epoch, CancellationToken cancellationToken) =>
        log.IsOwnerAsync(partition, epoch, cancellationToken);

    public Task<IReadOnlyList<LogRow>> ReadAsync(
        PartitionId partition, long offset, int maxBytes, CancellationToken cancellationToken) =>
        log.ReadAsync(partition, offset, maxBytes, cancellationToken);

    public ValueTask DisposeAsync() => log.DisposeAsync();
}
