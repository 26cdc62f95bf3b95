using System.Threading.Tasks.Sources;

namespace Granary.ClusterTests.Checking.Pacing;

/// <summary>
/// One worker's turns by a <see cref="Schedule"/>; a <see cref="Pacer"/> wakes it. A worker that is more than
/// <see cref="MaxLag"/> late skips what it cannot make up for and reports it: that would be a burst which no open loop
/// has, on the two cores that the silos need to recover.
/// </summary>
/// <remarks>The worker's thread calls <see cref="NextAsync"/>, the pacer's all others. Allocates nothing.</remarks>
internal sealed class ScheduledPace(Schedule schedule, int worker, TimeProvider timeProvider, Action<long> skipped)
    : IPace, IValueTaskSource<long>
{
    public static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(1);

    private readonly long _maxLag = (long)(MaxLag.TotalSeconds * schedule.Frequency);
    private ManualResetValueTaskSourceCore<long> _turn = new() { RunContinuationsAsynchronously = true };
    private long _number;
    private long _due;
    private volatile bool _isWaiting;
    private volatile bool _isOver;

    public ValueTask<long> NextAsync()
    {
        long now = timeProvider.GetTimestamp();
        long due = schedule.DueOf(worker, _number++);
        while (!_isOver && now - due > _maxLag)
        {
            skipped(due);
            due = schedule.DueOf(worker, _number++);
        }

        if (_isOver || due <= now)
        {
            return new ValueTask<long>(_isOver ? IPace.Over : due);
        }

        _turn.Reset();
        _due = due;
        _isWaiting = true;
        return new ValueTask<long>(this, _turn.Version);
    }

    /// <summary>No turn is given any more.</summary>
    public void End() => _isOver = true;

    /// <summary>Wakes the worker if it waits for a turn that is due, or if there is none any more.</summary>
    public void Release(long now)
    {
        if (_isWaiting && (_isOver || _due <= now))
        {
            _isWaiting = false;
            _turn.SetResult(_isOver ? IPace.Over : _due);
        }
    }

    long IValueTaskSource<long>.GetResult(short token) => _turn.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<long>.GetStatus(short token) => _turn.GetStatus(token);

    void IValueTaskSource<long>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _turn.OnCompleted(continuation, state, token, flags);
}
