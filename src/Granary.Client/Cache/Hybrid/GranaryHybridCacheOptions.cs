using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.Client;

/// <summary>How Granary's <see cref="HybridCache"/> works.</summary>
public sealed class GranaryHybridCacheOptions
{
    /// <summary>
    /// Stands before every key and tag, so that several applications, or several caches of one, do not meet. At most 512 bytes
    /// as UTF-8. Default empty.
    /// </summary>
    public string KeyPrefix { get; set; } = string.Empty;

    /// <summary>What counts where a call says nothing. Default: an expiration of 5 minutes.</summary>
    public HybridCacheEntryOptions? DefaultEntryOptions { get; set; }

    /// <summary>
    /// Values that this process keeps, at most; the least recently used go first. Values over 64 KiB are not kept. Default 10,000;
    /// 0: none.
    /// </summary>
    public int MaxNearEntries { get; set; } = 10_000;

    /// <summary>What they may take, with their keys. Bytes; default 64 MiB.</summary>
    public long MaxNearBytes { get; set; } = 64 << 20;

    /// <summary>
    /// How old a kept value can be at most, when the silo that owns its key cannot be heard: then it is not answered with. While
    /// it is heard, changes arrive within milliseconds. 1 s to 1 min; default 5 s.
    /// </summary>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a value is still answered with after its expiration, while one process of all makes it anew in the background.
    /// Nobody waits then. Default zero: whoever comes after the expiration waits for the new value.
    /// </summary>
    /// <remarks>
    /// The factory then runs after the call has returned that had it run: it must not use what ends with that, such as services of a
    /// request's scope. If it fails the old value stays, and it is tried again after a while.
    /// </remarks>
    public TimeSpan StaleFor { get; set; }

    /// <summary>
    /// The part of its expiration after which a value that is asked for is made anew in the background, as with
    /// <see cref="StaleFor"/>: 0.8 of 10 minutes is after 8. Above 0 and below 1; default none.
    /// </summary>
    public double? RefreshAfter { get; set; }
}
