namespace Granary.Wire;

/// <summary>
/// The state of a paged write: <see cref="CacheStatus.Continue"/> while pages are missing, the operation's outcome
/// after the last. Nothing is visible to readers before the last page.
/// </summary>
[GenerateSerializer, Immutable, Alias("granary.PagedWriteReply")]
public readonly record struct PagedWriteReply(
    [property: Id(0)] CacheStatus Status,
    [property: Id(1)] long Transfer,
    [property: Id(2)] ulong Cas,
    [property: Id(3)] int ValueLength = 0);
