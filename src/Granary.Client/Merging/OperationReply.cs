using Granary.Wire;

namespace Granary.Client.Merging;

/// <summary>The answer to one operation, as it waits for its caller. Its value is a part of the message.</summary>
internal readonly struct OperationReply
{
    public CacheStatus Status { get; init; }

    public uint Flags { get; init; }

    public ulong Cas { get; init; }

    public ulong Number { get; init; }

    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Whether the value may be kept: see <see cref="StateBits.Watched"/>.</summary>
    public bool IsWatched { get; init; }

    /// <summary>The entry's tags, if it is watched and has some.</summary>
    public ulong[]? Tags { get; init; }
}
