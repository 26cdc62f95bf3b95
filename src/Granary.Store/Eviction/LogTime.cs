namespace Granary.Store.Eviction;

/// <summary>Where the log was at a time.</summary>
/// <param name="Position">The log's position.</param>
/// <param name="UnixMilliseconds">When it was seen there. UTC milliseconds since 1970.</param>
internal readonly record struct LogTime(uint Position, long UnixMilliseconds);
