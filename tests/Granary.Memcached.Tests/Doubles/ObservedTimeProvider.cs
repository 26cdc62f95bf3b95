using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>A clock that the test advances, when what is to happen then has been arranged.</summary>
internal sealed class ObservedTimeProvider : FakeTimeProvider
{
    private readonly ConcurrentDictionary<TimeSpan, SemaphoreSlim> _timers = new();

    /// <summary>Completes when one more timer for that time was set.</summary>
    public async Task TimerSetAsync(TimeSpan dueTime) =>
        Assert.True(await Of(dueTime).WaitAsync(TimeSpan.FromSeconds(60)), $"No timer for {dueTime} was set.");

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        Of(dueTime).Release();
        return timer;
    }

    private SemaphoreSlim Of(TimeSpan dueTime) => _timers.GetOrAdd(dueTime, static _ => new SemaphoreSlim(0));
}
