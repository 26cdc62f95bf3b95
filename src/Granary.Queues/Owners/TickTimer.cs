using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>Calls when the partition's next tick is due. Under the owner's lock, but for the call.</summary>
internal sealed class TickTimer : IAsyncDisposable
{
    private const long MaxMilliseconds = 3_600_000; // a wall clock may be set

    private readonly ITimer _timer;
    private long _at = long.MaxValue;

    public TickTimer(TimeProvider time, Action tick) =>
        _timer = time.CreateTimer(_ => tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>It has called.</summary>
    public void Called() => _at = long.MaxValue;

    /// <param name="now">The time.</param>
    /// <param name="tick">Milliseconds from now; null: none is to come.</param>
    public void Set(PartitionTime now, long? tick)
    {
        long wait = Math.Min(tick ?? long.MaxValue, MaxMilliseconds);
        if (now.Monotonic + wait < _at && (wait < MaxMilliseconds || _at == long.MaxValue))
        {
            _at = now.Monotonic + wait;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, wait)), Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
