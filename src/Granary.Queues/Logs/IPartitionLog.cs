namespace Granary.Queues.Logs;

/// <summary>
/// Where the rows of partitions are kept. A row is one commit of one partition: records and messages in one piece of
/// bytes, named by its first offset. Thread-safe.
/// </summary>
/// <remarks>
/// A row begins where the one before it ended, so a missing row is noticed. Every row and snapshot has a checksum that
/// covers its place; one that does not match is reported and never skipped, and stays where it is.
/// </remarks>
public interface IPartitionLog : IAsyncDisposable
{
    /// <summary>Whether there is room for sends. Settlements are written from a reserve when there is none.</summary>
    bool HasRoom { get; }

    /// <summary>What was found damaged since the log was opened, or earlier. Empty is healthy.</summary>
    IReadOnlyList<LogDamage> Damage { get; }

    /// <summary>Transactions written: the fewer per message, the better the grouping. 0: the log knows none.</summary>
    long Transactions => 0;

    /// <summary>Those that have waited for the disk.</summary>
    long StrictTransactions => 0;

    /// <summary>Quarantines a partition: whoever read its rows found that they make no sense. Opening it is refused from now on.</summary>
    void Report(LogDamage damage);

    /// <summary>Makes the caller the owner: from now on commits of earlier epochs are refused.</summary>
    /// <exception cref="QueueDamagedException">The partition is damaged. It stays so.</exception>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task<PartitionOpening> OpenAsync(PartitionId partition, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a commit, together with those of other partitions that wait at the same time: all in one transaction, but
    /// each with its own outcome. Commits of one partition are written in the order of the calls.
    /// </summary>
    /// <returns>Durable as the commit asks, or not written at all.</returns>
    Task<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken);

    /// <summary>
    /// Lets go of a partition: the next owner, and only that, is given its leases. A log that one process has need not
    /// keep them.
    /// </summary>
    /// <param name="partition">Whose commits are all written.</param>
    /// <param name="epoch">Of the owner. If another has opened the partition since, nothing is done.</param>
    /// <param name="leases">For <see cref="PartitionOpening.Leases"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task ReleaseAsync(
        PartitionId partition, long epoch, ReadOnlyMemory<byte> leases, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <summary>
    /// Whether an owner is still the partition's. If not, rows that it misses are no damage: the next owner has trimmed
    /// them. Of a log that one process has there is one owner at a time.
    /// </summary>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task<bool> IsOwnerAsync(PartitionId partition, long epoch, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>Rows from the one that holds an offset on.</summary>
    /// <param name="partition">Opened before, here or elsewhere.</param>
    /// <param name="offset">The first row is the one that holds this offset, or if that is trimmed, the next one.</param>
    /// <param name="maxBytes">No row more once so many bytes are read; the first comes always.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="QueueDamagedException">A row's checksum does not match.</exception>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task<IReadOnlyList<LogRow>> ReadAsync(
        PartitionId partition, long offset, int maxBytes, CancellationToken cancellationToken);
}
