namespace Granary.Client.Cache.Creation;

/// <summary>One value that is being made, and those in this process who wait for it. Thread-safe.</summary>
internal sealed class Flight<T> : Flight
{
    private readonly TaskCompletionSource<T> _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask<T> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _landing.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    public void Land(T value) => _landing.TrySetResult(value);

    public void Crash(Exception failure)
    {
        _landing.TrySetException(failure);
        _ = _landing.Task.Exception; // nobody may be left who looks at it
    }
}
