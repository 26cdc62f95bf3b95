using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Simulation;

/// <summary>Everything that is to happen, in the order of its time. One thread; the same seed gives the same run.</summary>
internal sealed class SimulatedClock(int seed)
{
    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private long _now;
    private long _order;

    public FakeTimeProvider Time { get; } = new();

    public Random Random { get; } = new(seed);

    /// <summary>Milliseconds since the run began.</summary>
    public long Now => _now;

    public void After(int milliseconds, Action action) => _events.Enqueue(action, (_now + milliseconds, _order++));

    public void Every(int milliseconds, Func<bool> action) => After(milliseconds, () =>
    {
        if (action())
        {
            Every(milliseconds, action);
        }
    });

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => times > 0 && Random.Next(times) == 0;

    public void RunUntil(long time)
    {
        while (_events.TryPeek(out _, out (long Time, long Order) next) && next.Time <= time)
        {
            Action action = _events.Dequeue();
            Time.Advance(TimeSpan.FromMilliseconds(next.Time - _now));
            _now = next.Time;
            action();
        }
    }
}
