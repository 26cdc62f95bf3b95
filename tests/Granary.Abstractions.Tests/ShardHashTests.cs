using System.Text;

namespace Granary.Abstractions.Tests;

/// <summary>The hash is a contract with every client and every stored map: its vectors are literals.</summary>
public sealed class ShardHashTests
{
    [Theory]
    [InlineData("a", 31)]
    [InlineData("key", 227)]
    [InlineData("user:7", 180)]
    [InlineData("a key of more than sixteen bytes", 138)]
    public void ShardOf_KnownKey_IsTheVector(string key, int expected)
    {
        Assert.Equal(expected, ShardHash.ShardOf(Encoding.UTF8.GetBytes(key), 256));
    }

    [Fact]
    public void ShardOf_LongestKey_IsTheVector()
    {
        byte[] key = [.. Enumerable.Range(0, 1024).Select(index => (byte)index)];

        Assert.Equal(3362, ShardHash.ShardOf(key, 4096));
    }

    [Fact]
    public void ShardOf_OneShard_IsThatShard()
    {
        Assert.Equal(0, ShardHash.ShardOf("key"u8, 1));
    }

    [Fact]
    public void ShardOf_ManyKeys_IsInRangeAndReachesEveryShard()
    {
        int[] shards = [.. Enumerable.Range(0, 10_000).Select(key => ShardHash.ShardOf(BitConverter.GetBytes(key), 256))];

        Assert.All(shards, shard => Assert.InRange(shard, 0, 255));
        Assert.Equal(256, shards.Distinct().Count());
    }
}
