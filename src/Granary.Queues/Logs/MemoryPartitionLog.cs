using System.Collections.Concurrent;

namespace Granary.Queues.Logs;

/// <summary>A log in this process's memory: it promises what <see cref="Durability.Memory"/> says.</summary>
/// <param name="firstEpoch">Greater than any that a process before has given, so that old receipts mean nothing.</param>
public sealed class MemoryPartitionLog(long firstEpoch = 0) : IPartitionLog
{
    private readonly ConcurrentDictionary<PartitionId, Kept> _partitions = [];
    private readonly ConcurrentDictionary<LogDamage, bool> _damage = [];

    /// <inheritdoc/>
    public bool HasRoom => true;

    /// <inheritdoc/>
    public IReadOnlyList<LogDamage> Damage => [.. _damage.Keys];

    /// <inheritdoc/>
    public Task<PartitionOpening> OpenAsync(PartitionId partition, CancellationToken cancellationToken)
    {
        if (_damage.Keys.FirstOrDefault(damage => damage.Partition == partition) is { } found)
        {
            throw new QueueDamagedException(found);
        }

        Kept kept = _partitions.GetOrAdd(partition, _ => new Kept { Epoch = firstEpoch });
        lock (kept)
        {
            PartitionOpening opening = new(++kept.Epoch, kept.Snapshot, kept.SnapshotOffset, kept.NextOffset)
            {
                Leases = kept.Leases,
            };
            kept.Leases = default;
            return Task.FromResult(opening);
        }
    }

    /// <inheritdoc/>
    public Task<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        Kept kept = _partitions[commit.Partition];
        lock (kept)
        {
            if (kept.Epoch != commit.Epoch || kept.NextOffset != commit.FirstOffset)
            {
                return Task.FromResult(CommitOutcome.Stale);
            }

            kept.Rows.Add(commit.FirstOffset, new LogRow(commit.FirstOffset, commit.NextOffset, commit.Payload));
            kept.NextOffset = commit.NextOffset;
            if (commit.Snapshot is { } snapshot)
            {
                kept.Snapshot = snapshot;
                kept.SnapshotOffset = commit.NextOffset;
                kept.Trim(commit.Trim);
            }

            return Task.FromResult(CommitOutcome.Committed);
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(
        PartitionId partition, long epoch, ReadOnlyMemory<byte> leases, CancellationToken cancellationToken)
    {
        Kept kept = _partitions[partition];
        lock (kept)
        {
            kept.Leases = kept.Epoch == epoch ? leases : kept.Leases;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogRow>> ReadAsync(
        PartitionId partition, long offset, int maxBytes, CancellationToken cancellationToken)
    {
        Kept kept = _partitions[partition];
        lock (kept)
        {
            return Task.FromResult<IReadOnlyList<LogRow>>(kept.Read(offset, maxBytes));
        }
    }

    /// <summary>Forgets what another queue of the same name has left here; the partition's epochs go on.</summary>
    internal void Claim(PartitionId partition, Guid creation)
    {
        Kept kept = _partitions.GetOrAdd(partition, _ => new Kept { Epoch = firstEpoch });
        lock (kept)
        {
            if (kept.Creation != creation)
            {
                kept.Clear();
                kept.Creation = creation;
            }
        }
    }

    /// <summary>Forgets the messages of a queue; its epochs stay.</summary>
    internal void Delete(string queue)
    {
        foreach (Kept kept in _partitions.Where(one => one.Key.Queue == queue).Select(one => one.Value))
        {
            lock (kept)
            {
                kept.Clear();
            }
        }
    }

    /// <inheritdoc/>
    public void Report(LogDamage damage) => _damage[damage] = true;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Kept
    {
        public SortedList<long, LogRow> Rows { get; } = [];

        public long Epoch { get; set; }

        public Guid Creation { get; set; }

        public ReadOnlyMemory<byte> Snapshot { get; set; }

        public long SnapshotOffset { get; set; }

        public ReadOnlyMemory<byte> Leases { get; set; }

        public long NextOffset { get; set; }

        public void Clear()
        {
            Epoch++;
            Rows.Clear();
            Snapshot = default;
            Leases = default;
            SnapshotOffset = 0;
            NextOffset = 0;
        }

        public void Trim(IReadOnlyList<OffsetRange> ranges)
        {
            LogRow[] left =
            [
                .. Rows.Values.Where(row => !ranges.Any(range => row.FirstOffset >= range.First && row.NextOffset <= range.End)),
            ];
            Rows.Clear();
            Array.ForEach(left, row => Rows.Add(row.FirstOffset, row));
        }

        public List<LogRow> Read(long offset, int maxBytes)
        {
            List<LogRow> rows = [];
            int bytes = 0;
            for (int index = FirstAtOrAfter(offset); index < Rows.Count && bytes < maxBytes; index++)
            {
                rows.Add(Rows.Values[index]);
                bytes += Rows.Values[index].Payload.Length;
            }

            return rows;
        }

        private int FirstAtOrAfter(long offset)
        {
            int low = 0;
            int high = Rows.Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = Rows.Values[middle].NextOffset <= offset ? (middle + 1, high) : (low, middle);
            }

            return low;
        }
    }
}
