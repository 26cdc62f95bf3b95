using Granary.Wire;

namespace Granary.Client;

/// <summary>
/// When an entry expires: after a time, at a time, or (with <see langword="default"/>) never. <see cref="TimeSpan"/>
/// and <see cref="DateTimeOffset"/> convert implicitly. The owning silo's clock decides.
/// </summary>
public readonly record struct Expiration
{
    // A lifetime this long is as good as never; more would overflow the sum with the owner's clock.
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(365 * 1000);

    private Expiration(long raw) => Raw = raw;

    /// <summary>The entry stays until it is deleted or evicted.</summary>
    public static Expiration Never => default;

    /// <summary>See <see cref="WireExpiration"/>.</summary>
    internal long Raw { get; }

    /// <summary>Expires after a time.</summary>
    public static implicit operator Expiration(TimeSpan lifetime) => After(lifetime);

    /// <summary>Expires at a time.</summary>
    public static implicit operator Expiration(DateTimeOffset time) => At(time);

    /// <summary>Expires <paramref name="lifetime"/> after the owner has executed the operation.</summary>
    /// <param name="lifetime">Positive; rounded up to a millisecond.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is zero or negative.</exception>
    public static Expiration After(TimeSpan lifetime) =>
        new(WireExpiration.After(lifetime < MaxLifetime ? lifetime : MaxLifetime));

    /// <summary>Expires at <paramref name="time"/>; a time in the past expires at once.</summary>
    public static Expiration At(DateTimeOffset time) => new(WireExpiration.At(time));
}
