using System.IO.Hashing;

namespace Granary;

/// <summary>Key to shard: the same in every process and every language that has XxHash3.</summary>
public static class ShardHash
{
    /// <summary>The shard of a key: XxHash3 (64 bits, seed 0) of its bytes, modulo the number of shards.</summary>
    /// <param name="key">1 to <see cref="Wire.WireLimits.MaxKeyBytes"/> bytes.</param>
    /// <param name="shardCount">Shards of the cluster.</param>
    public static int ShardOf(ReadOnlySpan<byte> key, int shardCount) => ShardOf(Of(key), shardCount);

    /// <summary>The shard of a key with a hash.</summary>
    public static int ShardOf(ulong hash, int shardCount) => (int)(hash % (uint)shardCount);

    /// <summary>The hash of a key.</summary>
    public static ulong Of(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key);
}
