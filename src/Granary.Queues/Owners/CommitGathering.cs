using Granary.Queues.Logs;
using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>
/// Writes what the commands of a partition leave, one commit at a time: while one is being written the next one gathers.
/// Under the owner's lock, but for the writing itself.
/// </summary>
internal sealed class CommitGathering
{
    private readonly IPartitionLog _log;
    private readonly PartitionId _id;
    private readonly QueuePartition _partition;
    private readonly Lock _lock;
    private readonly Action<PartitionCommit> _written;
    private readonly Action<GranaryUnavailableException> _failed;
    private TaskCompletionSource? _gathering;
    private TaskCompletionSource? _writing;
    private bool _isOver;

    /// <param name="plan">Makes the commits.</param>
    /// <param name="log">Takes them.</param>
    /// <param name="id">Of the partition.</param>
    /// <param name="partition">Its state machine.</param>
    /// <param name="ownerLock">Held whenever anything here is called.</param>
    /// <param name="written">Told of each commit that is durable, under the lock.</param>
    /// <param name="failed">Told when one is not written, under the lock: the memory is ahead of the log.</param>
    public CommitGathering(
        CommitPlan plan,
        IPartitionLog log,
        PartitionId id,
        QueuePartition partition,
        Lock ownerLock,
        Action<PartitionCommit> written,
        Action<GranaryUnavailableException> failed)
    {
        Plan = plan;
        _log = log;
        _id = id;
        _partition = partition;
        _lock = ownerLock;
        _written = written;
        _failed = failed;
        DurableOffset = partition.NextOffset;
    }

    public CommitPlan Plan { get; }

    /// <summary>What is before is durable.</summary>
    public long DurableOffset { get; private set; }

    /// <summary>Ends when everything that was done until now is durable.</summary>
    public Task Durable
    {
        get
        {
            if (_partition.PendingBytes == 0)
            {
                return _writing?.Task ?? Task.CompletedTask;
            }

            _gathering ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _gathering.Task;
        }
    }

    /// <summary>Begins to write what there is, unless a commit is being written; then it is the next.</summary>
    public void Start()
    {
        if (_writing is null && !_isOver && Plan.TryTake(out PartitionCommit? commit))
        {
            _writing = _gathering ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _gathering = null;
            _ = WriteAsync(commit!, _writing);
        }
    }

    /// <summary>Writes nothing more; who waits for the next commit is told.</summary>
    public void Fail(GranaryUnavailableException failure)
    {
        _isOver = true;
        _gathering?.TrySetException(failure);
        _gathering = null;
    }

    private async Task WriteAsync(PartitionCommit commit, TaskCompletionSource written)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // out of the caller's lock
        CommitOutcome outcome;
        try
        {
            outcome = await _log.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception) // the edge: one commit; its callers are told, and the owner is opened anew
        {
            outcome = CommitOutcome.Failed;
        }

        lock (_lock)
        {
            _writing = null;
            if (outcome == CommitOutcome.Committed)
            {
                DurableOffset = commit.NextOffset;
                written.SetResult();
                _written(commit);
                Start();
                return;
            }

            written.SetException(outcome == CommitOutcome.Failed
                ? new GranaryOutcomeUnknownException($"The log of {_id} failed; the change may have been written.")
                : new GranaryUnavailableException($"A change of {_id} was not written: {outcome}."));
            _failed(new GranaryUnavailableException($"The log of {_id} failed: {outcome}. It is opened again."));
        }
    }
}
