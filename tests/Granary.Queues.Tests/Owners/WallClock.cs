namespace Granary.Queues.Tests.Owners;

/// <summary>A clock that somebody sets: the time of day jumps, what is measured does not.</summary>
internal sealed class WallClock(TimeProvider time) : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Ahead;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
