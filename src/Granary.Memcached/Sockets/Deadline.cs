namespace Granary.Memcached.Sockets;

/// <summary>A token that is cancelled after a time, or with another one.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    public Deadline(TimeSpan delay, TimeProvider time, CancellationToken other)
    {
        _timer = new CancellationTokenSource(delay, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, other);
    }

    public CancellationToken Token => _either.Token;

    /// <summary>Whether the time has passed.</summary>
    public bool IsOver => _timer.IsCancellationRequested;

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
