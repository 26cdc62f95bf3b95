using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Doubles;

/// <summary>A clock that the test advances, and that lets pauses pass by themselves.</summary>
internal sealed class PausingTimeProvider : FakeTimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (period == Timeout.InfiniteTimeSpan)
        {
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}
