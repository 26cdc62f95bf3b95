using System.Diagnostics;
using Granary.Watching;
using Granary.Wire;

namespace Granary.Cache.Watching;

/// <summary>The value of an entry of another silo, as that has told it. Immutable.</summary>
internal sealed class HotCopy
{
    // What a copy takes beside its bytes: objects and the table's node.
    private const int OverheadBytes = 256;

    public required byte[] Key { get; init; }

    public required byte[] Value { get; init; }

    public required uint Flags { get; init; }

    public required ulong Cas { get; init; }

    public required ulong[] Tags { get; init; }

    /// <summary>In which it was read.</summary>
    public required ShardWatch Watch { get; init; }

    /// <summary>The term at which its shard was served.</summary>
    public required long Term { get; init; }

    /// <summary>When it is to be read anew. A timestamp.</summary>
    public required long KeptUntil { get; init; }

    /// <summary>When the entry expires. A timestamp; <see cref="long.MaxValue"/> for never.</summary>
    public required long ExpiresAt { get; init; }

    public int Bytes => OverheadBytes + Key.Length + Value.Length;

    /// <summary>Whether it may be answered with, as far as is known here.</summary>
    public bool Holds(long now) => now < KeptUntil && Watch.Holds(now);

    /// <summary>As the entry's silo would answer: it was read before, namely for this copy.</summary>
    public PackedReply ReplyAt(long now, long ticksPerSecond)
    {
        Debug.Assert(now < ExpiresAt, "An entry that has expired is not answered with.");
        return new PackedReply
        {
            Status = CacheStatus.Success,
            Flags = Flags,
            Cas = Cas,
            Value = Value,
            State = new EntryState
            {
                Bits = StateBits.Fetched,
                SecondsLeft = ExpiresAt == long.MaxValue ? -1 : ((ExpiresAt - now - 1) / ticksPerSecond) + 1,
                ValueLength = Value.Length,
            },
        };
    }
}
