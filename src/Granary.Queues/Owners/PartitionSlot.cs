using Granary.Queues.Logs;

namespace Granary.Queues.Owners;

/// <summary>
/// The place of a partition's owner: it is opened by the first call, and another one after it has failed. One call runs
/// at a time, but calls wait for each other nowhere but in the opening.
/// </summary>
/// <param name="id">Whose.</param>
/// <param name="open">Opens an owner.</param>
/// <param name="time">Spaces attempts that fail.</param>
internal sealed class PartitionSlot(PartitionId id, Func<PartitionId, Task<PartitionOwner>> open, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private Task<PartitionOwner>? _owner;
    private long _openedAt;

    /// <summary>Does something with the owner.</summary>
    /// <exception cref="GranaryQueueDamagedException">The partition's log is damaged.</exception>
    /// <exception cref="GranaryUnavailableException">Nothing was done.</exception>
    /// <exception cref="GranaryOutcomeUnknownException">It may have been done.</exception>
    public async Task<T> RunAsync<T>(Func<PartitionOwner, Task<T>> call)
    {
        try
        {
            return await call(await OwnerAsync());
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

    /// <summary>Lets go of the log.</summary>
    public async Task CloseAsync()
    {
        Task<PartitionOwner>? owner = _owner;
        _owner = null;
        _openedAt = 0;
        if (owner is not null)
        {
            await DisposeAsync(owner);
        }
    }

    private Task<PartitionOwner> OwnerAsync()
    {
        bool isWanted = _owner is null or { IsFaulted: true } or { IsCanceled: true }
            || (_owner.IsCompletedSuccessfully && _owner.GetAwaiter().GetResult().HasFailed);
        bool isTooSoon = _owner is { IsFaulted: true } && time.GetElapsedTime(_openedAt) < Pause;
        if (isWanted && !isTooSoon)
        {
            Task<PartitionOwner>? last = _owner;
            _openedAt = time.GetTimestamp();
            _owner = OpenAsync(last);
        }

        return _owner!;
    }

    private async Task<PartitionOwner> OpenAsync(Task<PartitionOwner>? last)
    {
        if (last is not null)
        {
            await DisposeAsync(last);
        }

        return await open(id);
    }

    private static async Task DisposeAsync(Task<PartitionOwner> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening).DisposeAsync();
        }
    }
}
