using Microsoft.Extensions.Time.Testing;

namespace Granary.Console.Tests.Doubles;

/// <summary>A clock that the test advances, and that knows whether somebody still waits for a period of it.</summary>
internal sealed class ObservedTimeProvider : FakeTimeProvider, IDisposable
{
    private readonly SemaphoreSlim _ended = new(0);

    /// <summary>Completes when one more of those who do something again and again has ended.</summary>
    public async Task PeriodsEndedAsync() => Assert.True(await _ended.WaitAsync(OpenPage.Deadline), "It goes on.");

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        return period == Timeout.InfiniteTimeSpan ? timer : new ObservedTimer(timer, _ended);
    }

    public void Dispose() => _ended.Dispose();

    private sealed class ObservedTimer(ITimer timer, SemaphoreSlim ended) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            ended.Release();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
