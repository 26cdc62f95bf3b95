namespace Granary.Client.Cache.Creation;

/// <summary>One value that is being made, and those in this process who wait for it. Thread-safe.</summary>
/// <remarks>When the last of them has left, the making is cancelled: nobody can join any more.</remarks>
#pragma warning disable CA1001 // a source without a timer has nothing to dispose of; it may be cancelled when all is over
internal sealed class Flight<T>
#pragma warning restore CA1001
{
    private readonly TaskCompletionSource<T> _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _abandoned = new();
    private int _waiters = 1;

    public Flight() => Abandoned = _abandoned.Token;

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Abandoned { get; }

    /// <summary>Who joins must wait.</summary>
    /// <returns><see langword="false"/> if everybody has left.</returns>
    public bool TryJoin()
    {
        int waiters;
        do
        {
            waiters = Volatile.Read(ref _waiters);
            if (waiters == 0)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _waiters, waiters + 1, waiters) != waiters);

        return true;
    }

    public async ValueTask<T> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _landing.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (Interlocked.Decrement(ref _waiters) == 0)
            {
                await _abandoned.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    public void Land(T value) => _landing.TrySetResult(value);

    public void Crash(Exception failure)
    {
        _landing.TrySetException(failure);
        _ = _landing.Task.Exception; // nobody may be left who looks at it
    }
}
