using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Doubles;

/// <summary>A clock in the test's hand, which tells when somebody begins to wait for one of some times.</summary>
internal sealed class ObservedTimeProvider(params TimeSpan[] observed) : FakeTimeProvider, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30); // of a test that fails

    private readonly SemaphoreSlim _waits = new(0);

    /// <summary>Waits of those times that have begun, and were not awaited here.</summary>
    public int Waits => _waits.CurrentCount;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (observed.Contains(dueTime))
        {
            _waits.Release();
        }

        return timer;
    }

    /// <summary>Another wait of those times has begun.</summary>
    public async Task WaitBeginsAsync() => Assert.True(
        await _waits.WaitAsync(Deadline, TestContext.Current.CancellationToken), $"Nobody has begun to wait for {string.Join(" or ", observed)}.");

    public void Dispose() => _waits.Dispose();
}
