namespace Granary.Store.Entries;

/// <summary>
/// When an entry expires: never, some time after the store executes the operation, or at an absolute time; and, with a
/// window, before that if it is not read for so long.
/// </summary>
/// <param name="Raw">
/// 0 never; positive: milliseconds from now; negative: minus UTC milliseconds since 1970. This is also the form on the
/// wire between silos and clients.
/// </param>
/// <param name="Window">Milliseconds from the last read to the expiry; 0: reads do not matter.</param>
public readonly record struct Expiration(long Raw, long Window = 0)
{
    // 30,000 years: far enough to mean never, near enough that now + it cannot overflow.
    internal const long GreatestMilliseconds = 1L << 50;

    /// <summary>The entry does not expire.</summary>
    public static Expiration Never => default;

    /// <summary>Stored, but gone at once.</summary>
    public static Expiration Immediately => new(-1);

    /// <summary>Expires so many milliseconds from now; zero and less is at once.</summary>
    public static Expiration AfterMilliseconds(long milliseconds) =>
        milliseconds <= 0 ? Immediately : new(milliseconds);

    /// <summary>Expires at a UTC time in milliseconds since 1970; the past is at once.</summary>
    public static Expiration AtUnixMilliseconds(long time) => new(-Math.Max(time, 1));

    /// <summary>Whole seconds until a time, rounded up; 0 when it is over, -1 for never.</summary>
    /// <param name="expiresAt">UTC milliseconds since 1970; 0 and the greatest number for never.</param>
    /// <param name="now">UTC milliseconds since 1970.</param>
    public static long SecondsLeft(long expiresAt, long now) => expiresAt is 0 or long.MaxValue
        ? -1
        : (Math.Max(expiresAt - now, 0) + 999) / 1000;

    /// <summary>Expires at what is stored: UTC milliseconds since 1970, or 0 for never.</summary>
    internal static Expiration AtOrNever(long time) => time == 0 ? Never : AtUnixMilliseconds(time);

    /// <summary>Expires as this does, or earlier: when it has not been read for so many milliseconds.</summary>
    /// <param name="milliseconds">0 and less: reads do not matter.</param>
    public Expiration Sliding(long milliseconds) =>
        this with { Window = Math.Clamp(milliseconds, 0, GreatestMilliseconds) };

    /// <summary>The absolute time that is stored, and the window beside it.</summary>
    /// <inheritdoc cref="ToAbsolute(StoreClock)"/>
    internal long ToAbsolute(StoreClock clock, out SlidingWindow window)
    {
        long latest = ToAbsolute(clock);
        if (Window <= 0)
        {
            window = default;
            return latest;
        }

        window = new SlidingWindow(Math.Min(Window, GreatestMilliseconds), latest == 0 ? long.MaxValue : latest);
        return window.ExpiryAfter(clock.UnixMilliseconds);
    }

    /// <summary>The absolute time that is stored, without regard to a window. UTC milliseconds since 1970; 0 for never.</summary>
    /// <param name="clock">The store's clock; read only for a relative expiration.</param>
    internal long ToAbsolute(StoreClock clock) => Raw switch
    {
        0 => 0,
        > 0 => clock.UnixMilliseconds + Math.Min(Raw, GreatestMilliseconds),
        _ => Raw == long.MinValue ? long.MaxValue : -Raw,
    };

    internal void ThrowIfSliding(string name)
    {
        if (Window != 0)
        {
            throw new ArgumentException($"The expiration has a window of {Window} ms; only a new entry gets one.", name);
        }
    }
}
