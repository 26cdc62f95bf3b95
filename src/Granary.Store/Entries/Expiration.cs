namespace Granary.Store.Entries;

/// <summary>
/// When an entry expires: never, some time after the store executes the operation, or at an absolute time.
/// </summary>
/// <param name="Raw">
/// 0 never; positive: milliseconds from now; negative: minus UTC milliseconds since 1970. This is also the form on the
/// wire between silos and clients.
/// </param>
public readonly record struct Expiration(long Raw)
{
    // 30,000 years: far enough to mean never, near enough that now + it cannot overflow.
    private const long GreatestMilliseconds = 1L << 50;

    /// <summary>The entry does not expire.</summary>
    public static Expiration Never => default;

    /// <summary>Stored, but gone at once.</summary>
    public static Expiration Immediately => new(-1);

    /// <summary>Expires so many milliseconds from now; zero and less is at once.</summary>
    public static Expiration AfterMilliseconds(long milliseconds) =>
        milliseconds <= 0 ? Immediately : new(milliseconds);

    /// <summary>Expires at a UTC time in milliseconds since 1970; the past is at once.</summary>
    public static Expiration AtUnixMilliseconds(long time) => new(-Math.Max(time, 1));

    /// <summary>The absolute time that is stored. UTC milliseconds since 1970; 0 for never.</summary>
    /// <param name="clock">The store's clock; read only for a relative expiration.</param>
    internal long ToAbsolute(StoreClock clock) => Raw switch
    {
        0 => 0,
        > 0 => clock.UnixMilliseconds + Math.Min(Raw, GreatestMilliseconds),
        _ => Raw == long.MinValue ? long.MaxValue : -Raw,
    };
}
