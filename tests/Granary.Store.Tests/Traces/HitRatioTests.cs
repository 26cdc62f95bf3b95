using System.Buffers.Binary;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;
using Granary.Tests.Shared;

namespace Granary.Store.Tests.Traces;

/// <summary>The store as a read-through cache under real traces, beside an exact LRU of the same bytes.</summary>
public sealed class HitRatioTests
{
    private const int Shards = 256;
    private const int MaxPointsBelow = 1;

    // 1/32 of a segment of 64 KiB, header and index entry included: larger values would measure the ends of segments.
    private const int KeyBytes = 8;
    private const int ValueBytes = 1_900;

    [Theory]
    [InlineData(TraceReader.Web12, 32L << 20, 32, 300_000)] // about 500 objects
    [InlineData(TraceReader.Web12, 32L << 20, 11, 600_000)] // about 1,500
    [InlineData(TraceReader.OrmBusy, 32L << 20, 4, 1_000_000)] // about 4,200
    [InlineData(TraceReader.OrmBusy, 32L << 20, 1, 2_000_000)] // about 17,000
    public void Store_UnderATrace_HitsAsOftenAsAnExactLru(string trace, long budgetBytes, int clones, int maxRequests)
    {
        int[] requests = TraceReader.ReadKeys(trace);
        var reference = new ExactLru(budgetBytes);
        using var store = new CacheStore(
            new StoreOptions { MemoryLimitBytes = budgetBytes, ShardCount = Shards, HashSeed = 7, LaneCount = 4 },
            TimeProvider.System);
        for (int shard = 0; shard < Shards; shard++)
        {
            store.Open(shard);
        }

        Replay(requests.AsSpan(0, Math.Min(requests.Length, maxRequests)), clones, store, reference);

        StoreStatistics statistics = store.GetStatistics();
        double hitPercent = 100.0 * statistics.Hits / (statistics.Hits + statistics.Misses);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{trace} x {clones}: ours {hitPercent:0.00} %, exact LRU {reference.HitPercent:0.00} %");
        Assert.True(
            hitPercent >= reference.HitPercent - MaxPointsBelow,
            $"{hitPercent:0.00} % is more than {MaxPointsBelow} point below exact LRU's {reference.HitPercent:0.00} %.");
        Assert.True(statistics.UsedBytes <= statistics.BudgetBytes);
    }

    private static void Replay(ReadOnlySpan<int> requests, int clones, CacheStore store, ExactLru reference)
    {
        byte[] key = new byte[KeyBytes];
        byte[] value = new byte[ValueBytes];
        foreach (int request in requests)
        {
            for (int clone = 0; clone < clones; clone++)
            {
                reference.Request(((long)request << 32) | (uint)clone, KeyBytes + ValueBytes);
                BinaryPrimitives.WriteInt32LittleEndian(key, request);
                BinaryPrimitives.WriteInt32LittleEndian(key.AsSpan(4), clone);
                int shard = (int)((uint)(request * 31 + clone) % Shards);
                var sink = default(ValueSink);
                if (store.Get(shard, key, ref sink) != StoreResult.Success)
                {
                    store.Put(shard, PutMode.Set, key, value, 0, Expiration.Never, 0, out _);
                }
            }
        }
    }
}
