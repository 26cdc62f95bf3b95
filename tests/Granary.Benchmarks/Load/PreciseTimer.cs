using System.Diagnostics;

namespace Granary.Benchmarks.Load;

/// <summary>Delays that end within a quarter of a millisecond, where .NET's own timers end up to 4 ms late.</summary>
/// <remarks>Safe. A thread of its own looks every 0.2 ms; what awaits a delay goes on on the thread pool.</remarks>
internal sealed class PreciseTimer : IDisposable
{
    private const uint IntervalMicroseconds = 200;

    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new(); // locked
    private readonly Thread _thread;
    private volatile bool _isStopping;

    public PreciseTimer()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "precise timer" };
        _thread.Start();
    }

    public Task DelayAsync(TimeSpan duration) =>
        DelayUntilAsync(Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency));

    /// <param name="timestamp">Of <see cref="Stopwatch"/>.</param>
    public Task DelayUntilAsync(long timestamp)
    {
        if (timestamp <= Stopwatch.GetTimestamp())
        {
            return Task.CompletedTask;
        }

        var delay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _waiting.Enqueue(delay, timestamp);
        }

        return delay.Task;
    }

    /// <summary>Delays that are under way end at once.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            _ = Libc.Sleep(IntervalMicroseconds);
            Complete(Stopwatch.GetTimestamp());
        }

        Complete(long.MaxValue);
    }

    private void Complete(long until)
    {
        lock (_waiting)
        {
            while (_waiting.TryPeek(out TaskCompletionSource? delay, out long timestamp) && timestamp <= until)
            {
                _waiting.Dequeue();
                delay.SetResult();
            }
        }
    }
}
