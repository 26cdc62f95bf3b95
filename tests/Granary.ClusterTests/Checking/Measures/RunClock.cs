namespace Granary.ClusterTests.Checking.Measures;

/// <summary>Time of one run, counted from its beginning.</summary>
internal sealed class RunClock(TimeProvider timeProvider)
{
    private long _start = timeProvider.GetTimestamp();

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>A time stamp.</summary>
    public long Now => timeProvider.GetTimestamp();

    /// <summary>Whether what comes before the run, filling and connecting, is over.</summary>
    public bool HasBegun { get; private set; }

    public TimeSpan Elapsed => Since(_start);

    /// <summary>Lets the run begin now.</summary>
    public void Begin()
    {
        _start = Now;
        HasBegun = true;
    }

    public TimeSpan Since(long timestamp) => timeProvider.GetElapsedTime(timestamp);

    /// <summary>When something was, from the beginning of the run.</summary>
    public TimeSpan At(long timestamp) => Between(_start, timestamp);

    public TimeSpan Between(long from, long to) => timeProvider.GetElapsedTime(from, to);
}
