namespace Granary.Client.Merging;

/// <summary>What a read to keep has found; with <see langword="default"/> a miss.</summary>
internal readonly struct WatchedValue
{
    public bool IsHit { get; init; }

    /// <summary>As the codec takes them with <see cref="Flags"/>.</summary>
    public byte[] Bytes { get; init; }

    public uint Flags { get; init; }

    public ulong Cas { get; init; }

    /// <summary>Whether its silo tells of the next change.</summary>
    public bool MayBeKept { get; init; }

    /// <summary>Until the entry expires; <see langword="null"/> for never, or if it may not be kept.</summary>
    public TimeSpan? Lifetime { get; init; }

    public ulong[] Tags { get; init; }
}
