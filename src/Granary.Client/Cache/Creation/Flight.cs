namespace Granary.Client.Cache.Creation;

/// <summary>A value that is being made, and how many in this process wait for it. Thread-safe.</summary>
/// <remarks>When the last of them has left, the making is cancelled: nobody can join any more.</remarks>
#pragma warning disable CA1001 // a source without a timer has nothing to dispose of; it may be cancelled when all is over
internal abstract class Flight
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _abandoned = new();
    private int _waiters = 1;

    protected Flight() => Abandoned = _abandoned.Token;

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Abandoned { get; }

    public int Waiters => Volatile.Read(ref _waiters);

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

    /// <summary>Who has waited leaves.</summary>
    protected async ValueTask LeaveAsync()
    {
        if (Interlocked.Decrement(ref _waiters) == 0)
        {
            await _abandoned.CancelAsync().ConfigureAwait(false);
        }
    }
}
