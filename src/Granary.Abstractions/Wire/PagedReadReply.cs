namespace Granary.Wire;

/// <summary>The first page of a value.</summary>
[GenerateSerializer, Immutable, Alias("granary.PagedReadReply")]
public sealed class PagedReadReply
{
    /// <summary><see cref="CacheStatus.Success"/>, NotFound, NotOwner or NoRoom.</summary>
    [Id(0)]
    public required CacheStatus Status { get; init; }

    /// <summary>Names the rest of the value, which stays as it is while it is read; 0 if there is no rest.</summary>
    [Id(1)]
    public long Transfer { get; init; }

    /// <summary>Length of the whole value. Bytes.</summary>
    [Id(2)]
    public int Length { get; init; }

    /// <summary>The client's flags.</summary>
    [Id(3)]
    public uint Flags { get; init; }

    /// <summary>The entry's cas.</summary>
    [Id(4)]
    public ulong Cas { get; init; }

    /// <summary>The first <see cref="WireLimits.PageBytes"/> of the value, or all of it.</summary>
    [Id(5)]
    public ReadOnlyMemory<byte> Page { get; init; }

    /// <summary>What else is known of the entry, if the request had options.</summary>
    [Id(6)]
    public EntryState State { get; init; }
}
