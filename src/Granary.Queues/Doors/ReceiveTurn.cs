namespace Granary.Queues.Doors;

/// <summary>Somebody who waits for messages.</summary>
internal sealed class ReceiveTurn(int max, TimeSpan? lease)
{
    private readonly TaskCompletionSource<LeasedContent[]> _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOver;

    public int Max { get; } = max;

    public TimeSpan? Lease { get; } = lease;

    /// <summary>Waits until it is served, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await _served.Task.WaitAsync(wait, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _isOver = true;
        }
    }

    /// <summary>What it was served with, once whoever serves it is done.</summary>
    public Task<LeasedContent[]> EndAsync() => _served.Task;

    public void Fail(Exception failure) => _served.TrySetException(failure);

    /// <returns>False if it goes on waiting: there was nothing for it.</returns>
    public bool TryServe(LeasedContent[] found) => (found.Length > 0 || _isOver) && _served.TrySetResult(found);
}
