using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Doubles;

/// <summary>A clock in the test's hand, which tells when somebody begins to wait for so long.</summary>
internal sealed class ObservedTimeProvider(TimeSpan observed) : FakeTimeProvider, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30); // of a test that fails

    private readonly SemaphoreSlim _waits = new(0);

    /// <summary>Waits of that time that have begun, and were not awaited here.</summary>
    public int Waits => _waits.CurrentCount;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime == observed)
        {
            _waits.Release();
        }

        return timer;
    }

    /// <summary>Another wait of that time has begun.</summary>
    public async Task WaitBeginsAsync() => Assert.True(
        await _waits.WaitAsync(Deadline, TestContext.Current.CancellationToken), $"Nobody has begun to wait for {observed}.");

    public void Dispose() => _waits.Dispose();
}
