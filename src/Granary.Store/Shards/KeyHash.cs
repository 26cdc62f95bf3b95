using System.IO.Hashing;

namespace Granary.Store.Shards;

/// <summary>
/// The hash of the index. Seeded per silo, and so other bits than those that chose the shard, which everybody can compute.
/// </summary>
internal sealed class KeyHash(long seed)
{
    public ulong Of(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, seed);
}
