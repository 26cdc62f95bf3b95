using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Doubles;

/// <summary>A clock that the test advances, and that lets short pauses pass by themselves.</summary>
/// <param name="longest">What is short; a second if nothing is said.</param>
internal sealed class PausingTimeProvider(TimeSpan? longest = null) : FakeTimeProvider
{
    private readonly TimeSpan _longest = longest ?? TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private bool _isHeld;

    /// <summary>
    /// Lets no pause pass until <see cref="Release"/>: however long the test's machine takes, what expires after several pauses
    /// is still there.
    /// </summary>
    public void Hold()
    {
        lock (_lock)
        {
            _isHeld = true;
        }
    }

    /// <summary>Lets the pauses pass that have begun meanwhile, and all others as before.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _isHeld = false;
        }

        Advance(_longest);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (!_isHeld && period == Timeout.InfiniteTimeSpan && dueTime <= _longest)
            {
                ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
            }

            return timer;
        }
    }
}
