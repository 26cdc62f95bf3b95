using Granary.Store;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions;

/// <summary>
/// memcached's time: 0 never; up to 30 days relative, more than that a Unix time, in seconds; negative at once.
/// </summary>
internal static class Expirations
{
    private const long GreatestRelativeSeconds = 60 * 60 * 24 * 30;

    // The year 9999: far enough to mean never, near enough that milliseconds do not overflow.
    private const long GreatestUnixSeconds = 253_402_300_799;

    public static Expiration From(long seconds) => seconds switch
    {
        0 => Expiration.Never,
        < 0 => Expiration.Immediately,
        <= GreatestRelativeSeconds => Expiration.AfterMilliseconds(seconds * 1000),
        _ => Expiration.AtUnixMilliseconds(Math.Min(seconds, GreatestUnixSeconds) * 1000),
    };

    /// <summary>When a flush_all takes effect, by the store's clock. UTC milliseconds since 1970; 0 is at once.</summary>
    public static long FlushTime(long seconds, CacheStore store) => seconds switch
    {
        <= 0 => 0,
        <= GreatestRelativeSeconds => store.UnixMilliseconds + (seconds * 1000),
        _ => Math.Min(seconds, GreatestUnixSeconds) * 1000,
    };
}
