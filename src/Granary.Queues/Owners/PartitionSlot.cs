using Granary.Queues.Logs;
using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>
/// The place of a partition's owner: it is opened by the first call, and another one after it has failed. One call runs
/// at a time, but calls wait for each other nowhere but in the opening.
/// </summary>
/// <param name="id">Whose.</param>
/// <param name="open">Opens an owner, with the leases of the one before if there was one.</param>
/// <param name="time">Spaces attempts that fail.</param>
/// <param name="census">Told of each owner.</param>
internal sealed class PartitionSlot(
    PartitionId id,
    Func<PartitionId, LeaseHandOver?, Task<PartitionOwner>> open,
    TimeProvider time,
    QueueCensus census)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private Task<PartitionOwner>? _owner;
    private LeaseHandOver? _leases; // of the last owner
    private Task _closed = Task.CompletedTask;
    private volatile bool _isLeaving;
    private long _openedAt;

    private PartitionOwner? Present => _owner is { IsCompletedSuccessfully: true } owner ? owner.GetAwaiter().GetResult() : null;

    /// <summary>Does something with the owner.</summary>
    /// <exception cref="GranaryQueueDamagedException">The partition's log is damaged.</exception>
    /// <exception cref="GranaryUnavailableException">Nothing was done.</exception>
    /// <exception cref="GranaryOutcomeUnknownException">It may have been done.</exception>
    public async Task<T> RunAsync<T>(Func<PartitionOwner, Task<T>> call)
    {
        try
        {
            PartitionOwner owner = await OwnerAsync();
            if (_isLeaving)
            {
                _ = owner.CloseAsync(); // it was being opened
            }

            return await call(owner);
        }
        catch (QueueDamagedException exception)
        {
            throw new GranaryQueueDamagedException(exception.Message, exception);
        }
    }

    /// <summary>Does something with the owner if there is one, or when it is there if it is being opened.</summary>
    public async Task ChangeAsync(Action<PartitionOwner> change)
    {
        if (_owner is not { } owner)
        {
            return; // it will be opened with what there is then
        }

        await ((Task)owner).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (owner.IsCompletedSuccessfully)
        {
            change(await owner);
        }
    }

    /// <summary>Refuses calls from now on, and ends those that wait: they come again, and find the partition elsewhere.</summary>
    public void Leave()
    {
        _isLeaving = true;
        _ = Present?.CloseAsync();
    }

    /// <summary>Lets go of the log.</summary>
    public async Task CloseAsync()
    {
        Task<PartitionOwner>? owner = _owner;
        _owner = null;
        _openedAt = 0;
        if (owner is not null)
        {
            await (_closed = DisposeAsync(owner));
        }
    }

    private Task<PartitionOwner> OwnerAsync()
    {
        bool isWanted = _owner is null or { IsFaulted: true } or { IsCanceled: true }
            || Present is { HasFailed: true };
        bool isTooSoon = _owner is { IsFaulted: true } && time.GetElapsedTime(_openedAt) < Pause;
        if (isWanted && !isTooSoon)
        {
            if (_isLeaving)
            {
                throw new GranaryUnavailableException($"Partition {id} goes to another silo.");
            }

            Task<PartitionOwner>? last = _owner;
            _openedAt = time.GetTimestamp();
            _owner = OpenAsync(last);
        }

        return _owner!;
    }

    private async Task<PartitionOwner> OpenAsync(Task<PartitionOwner>? last)
    {
        await _closed; // what it had is written, and its leases are free
        if (last is not null)
        {
            await DisposeAsync(last);
        }

        PartitionOwner owner = await open(id, _leases);
        census.Add(id, owner);
        return owner;
    }

    private async Task DisposeAsync(Task<PartitionOwner> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (opening.IsCompletedSuccessfully)
        {
            PartitionOwner owner = await opening;
            await owner.DisposeAsync();
            census.Remove(owner);
            _leases = owner.Leases;
        }
    }
}
