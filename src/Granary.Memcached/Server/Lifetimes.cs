namespace Granary.Memcached.Server;

/// <summary>
/// How long connections may live: without a word, and in all. They are looked at every now and then, all of a loop by its own
/// thread: no connection has a timer. Thread-safe.
/// </summary>
internal sealed class Lifetimes
{
    /// <summary>Since a connection is old: who asks in this time gets the end of the connection with its answer.</summary>
    public static readonly TimeSpan LastAnswerTime = TimeSpan.FromSeconds(5);

    // An idle connection is found two looks after its time at the latest.
    private const int LooksInATime = 8;

    // Of the age: those that were made in the same moment end over this share of it.
    private const double SpreadShare = 0.2;

    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly long _ageTicks;
    private uint _begun;

    private Lifetimes(GatewayOptions options, TimeProvider time)
    {
        _time = time;
        _ageTicks = TicksOf(options.MaxConnectionAge);
        IdleTicks = TicksOf(options.IdleTime);
        LastAnswerTicks = TicksOf(LastAnswerTime);
        TimeSpan shortest = options.IdleTime == TimeSpan.Zero
            || (options.MaxConnectionAge > TimeSpan.Zero && options.MaxConnectionAge < options.IdleTime)
                ? options.MaxConnectionAge
                : options.IdleTime;
        Period = TimeSpan.FromTicks(Math.Clamp(
            shortest.Ticks / LooksInATime, ShortestPeriod.Ticks, LongestPeriod.Ticks));
    }

    /// <summary>Between two looks at a connection.</summary>
    public TimeSpan Period { get; }

    /// <summary>How long one may say nothing; 0 for ever. Of the time provider's timestamps.</summary>
    public long IdleTicks { get; }

    /// <summary><see cref="LastAnswerTime"/> in timestamps.</summary>
    public long LastAnswerTicks { get; }

    /// <summary>What the options ask for.</summary>
    /// <returns><see langword="null"/> if that is nothing.</returns>
    public static Lifetimes? Of(GatewayOptions options, TimeProvider time) =>
        options.IdleTime == TimeSpan.Zero && options.MaxConnectionAge == TimeSpan.Zero ? null : new Lifetimes(options, time);

    /// <summary>Of a new connection.</summary>
    public ConnectionLife Begin()
    {
        // Steps of the golden ratio: whatever number of them follow each other, they are spread evenly.
        double spread = unchecked(Interlocked.Increment(ref _begun) * 0x9E37_79B9u) / (double)uint.MaxValue;
        long now = _time.GetTimestamp();
        long age = (long)(_ageTicks * (1 - (SpreadShare * spread)));
        return new ConnectionLife(now, _ageTicks == 0 ? long.MaxValue : now + age);
    }

    private long TicksOf(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
