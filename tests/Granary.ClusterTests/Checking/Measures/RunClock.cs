namespace Granary.ClusterTests.Checking.Measures;

/// <summary>Time of one run, counted from its beginning.</summary>
internal sealed class RunClock(TimeProvider timeProvider)
{
    private long _start = timeProvider.GetTimestamp();
    private long _measured = long.MaxValue;

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>A time stamp.</summary>
    public long Now => timeProvider.GetTimestamp();

    public TimeSpan Elapsed => Since(_start);

    /// <summary>Lets the run begin now.</summary>
    /// <param name="warmUp">Of its beginning, for which latencies and pauses do not count: code is compiled then.</param>
    public void Begin(TimeSpan warmUp = default)
    {
        _start = Now;
        _measured = _start + (long)(warmUp.TotalSeconds * timeProvider.TimestampFrequency);
    }

    /// <summary>Whether what began at this time stamp counts for latencies and pauses.</summary>
    public bool IsMeasured(long timestamp) => timestamp >= _measured;

    public TimeSpan Since(long timestamp) => timeProvider.GetElapsedTime(timestamp);

    /// <summary>When something was, from the beginning of the run.</summary>
    public TimeSpan At(long timestamp) => Between(_start, timestamp);

    public TimeSpan Between(long from, long to) => timeProvider.GetElapsedTime(from, to);
}
