namespace Granary.Store.Entries;

/// <summary>
/// The store's time: UTC when it was made, plus the monotonic clock. A jump of the wall clock expires nothing.
/// </summary>
internal sealed class StoreClock(TimeProvider time)
{
    private readonly long _startUnixMilliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long _startTimestamp = time.GetTimestamp();

    /// <summary>Now. UTC milliseconds since 1970.</summary>
    public long UnixMilliseconds =>
        _startUnixMilliseconds + (long)time.GetElapsedTime(_startTimestamp).TotalMilliseconds;
}
