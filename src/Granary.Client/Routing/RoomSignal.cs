namespace Granary.Client.Routing;

/// <summary>Wakes those who wait until a link has room. Thread-safe.</summary>
internal sealed class RoomSignal
{
    private TaskCompletionSource? _waited;

    /// <summary>Completes with the next <see cref="Set"/>. Look for room again before awaiting it.</summary>
    public Task NextAsync()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _waited, mine, null) ?? mine).Task;
    }

    /// <summary>Costs a read while nobody waits.</summary>
    public void Set()
    {
        if (Volatile.Read(ref _waited) is not null)
        {
            Interlocked.Exchange(ref _waited, null)?.TrySetResult();
        }
    }
}
