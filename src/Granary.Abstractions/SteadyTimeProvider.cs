namespace Granary;

/// <summary>
/// A process's time for what it has promised: UTC when this was made, plus the monotonic clock. A jump of the wall clock makes
/// nothing due, expires nothing and holds nothing up.
/// </summary>
/// <remarks>
/// It follows the rate of the machine's clock as NTP steers it, not its steps, nor the time that a machine has slept.
/// Thread-safe.
/// </remarks>
/// <param name="time">Both clocks.</param>
public sealed class SteadyTimeProvider(TimeProvider time) : TimeProvider
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _startTimestamp = time.GetTimestamp();

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + time.GetElapsedTime(_startTimestamp);

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
