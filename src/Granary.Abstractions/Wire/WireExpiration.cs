namespace Granary.Wire;

/// <summary>
/// An expiration in a packed operation: 0 is never; a positive number is milliseconds from the owner's now; a negative
/// one is an absolute time, minus UTC milliseconds since 1970. The owner's clock decides, so clients need no clock.
/// </summary>
public static class WireExpiration
{
    /// <summary>The entry does not expire.</summary>
    public const long Never = 0;

    /// <summary>Stored, but gone at once.</summary>
    public const long Immediately = -1;

    /// <summary>Expires <paramref name="lifetime"/> after the owner executes the operation.</summary>
    /// <param name="lifetime">Positive; rounded up to a millisecond.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is zero or negative.</exception>
    public static long After(TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        return ((lifetime.Ticks - 1) / TimeSpan.TicksPerMillisecond) + 1;
    }

    /// <summary>Expires at <paramref name="time"/>; a time in the past expires at once.</summary>
    public static long At(DateTimeOffset time) => Math.Min(-time.ToUnixTimeMilliseconds(), Immediately);
}
