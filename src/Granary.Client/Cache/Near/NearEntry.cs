using Granary.Watching;

namespace Granary.Client.Cache.Near;

/// <summary>A value that is kept in this process.</summary>
internal sealed class NearEntry
{
    // What an entry takes beside its bytes: measured, objects and the table's node.
    private const int OverheadBytes = 256;

    public required byte[] Key { get; init; }

    public required KeptValue Value { get; init; }

    public required ShardWatch Watch { get; init; }

    public required ulong Cas { get; init; }

    public required ulong[] Tags { get; init; }

    /// <summary>When this process throws it away. A timestamp.</summary>
    public required long KeptUntil { get; init; }

    /// <summary>When the cluster's entry expires. A timestamp; <see cref="long.MaxValue"/> for never.</summary>
    public required long ExpiresAt { get; init; }

    public int Bytes => OverheadBytes + Key.Length + Value.Length;

    /// <summary>Whether it may be answered with.</summary>
    public bool Holds(long now) => now < KeptUntil && Watch.Holds(now);
}
