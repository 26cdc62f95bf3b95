namespace Granary.ClusterTests.Checking.Pacing;

/// <summary>
/// Wakes workers when their operations are due, from one thread that looks every <see cref="Schedule.Step"/>: a timer
/// for each operation would cost more than the operation. Now and then it also looks for operations without an answer.
/// </summary>
internal sealed class Pacer : IDisposable
{
    private const int StepsBetweenChecks = 100;

    private readonly AutoResetEvent _disposed = new(initialState: false);
    private readonly ScheduledPace[] _paces;
    private readonly TimeProvider _timeProvider;
    private readonly Action<long> _check;
    private readonly Thread _thread;

    /// <param name="paces">Of the workers.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="check">Called every 100 steps, with the time stamp.</param>
    public Pacer(IEnumerable<ScheduledPace> paces, TimeProvider timeProvider, Action<long> check)
    {
        _paces = [.. paces];
        _timeProvider = timeProvider;
        _check = check;
        _thread = new Thread(Run) { IsBackground = true, Name = "Pacer" };
        _thread.Start();
    }

    /// <summary>Gives no further turn. Workers that wait for one are told so within a step.</summary>
    public void End() => Array.ForEach(_paces, pace => pace.End());

    /// <summary>Ends the thread; only when all workers have been told.</summary>
    public void Dispose()
    {
        _disposed.Set();
        _thread.Join();
        _disposed.Dispose();
    }

    private void Run()
    {
        for (int step = 1; !_disposed.WaitOne(Schedule.Step); step++)
        {
            long now = _timeProvider.GetTimestamp();
            foreach (ScheduledPace pace in _paces)
            {
                pace.Release(now);
            }

            if (step % StepsBetweenChecks == 0)
            {
                _check(now);
            }
        }
    }
}
