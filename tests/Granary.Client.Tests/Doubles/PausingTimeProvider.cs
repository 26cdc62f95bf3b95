using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Doubles;

/// <summary>A clock that the test advances, and that lets short pauses pass by themselves.</summary>
/// <param name="longest">What is short; a second if nothing is said.</param>
internal sealed class PausingTimeProvider(TimeSpan? longest = null) : FakeTimeProvider
{
    private readonly TimeSpan _longest = longest ?? TimeSpan.FromSeconds(1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (period == Timeout.InfiniteTimeSpan && dueTime <= _longest)
        {
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}
