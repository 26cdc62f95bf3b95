using System.Buffers.Binary;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;
using Granary.Tests.Shared;

namespace Granary.Store.Tests.Traces;

/// <summary>The store as a read-through cache under real traces, beside exact policies of the same bytes.</summary>
public sealed class HitRatioTests
{
    private const int Shards = 256;
    private const int MaxPointsBelow = 1;

    // 1/32 of a segment of 64 KiB, header and index entry included: larger values would measure the ends of segments.
    private const int KeyBytes = 8;
    private const int ValueBytes = 1_900;
    private const int ChargeBytes = KeyBytes + ValueBytes + ExactLru.DefaultEntryOverheadBytes;

    private static readonly byte[] Value = new byte[ValueBytes];

    [Theory]
    [InlineData(TraceReader.Web12, 32L << 20, 32, 300_000)] // about 500 objects
    [InlineData(TraceReader.Web12, 32L << 20, 11, 600_000)] // about 1,500
    [InlineData(TraceReader.OrmBusy, 32L << 20, 4, 1_000_000)] // about 4,200
    [InlineData(TraceReader.OrmBusy, 32L << 20, 1, 2_000_000)] // about 17,000
    public void Store_UnderATrace_HitsAsOftenAsAnExactLru(string trace, long budgetBytes, int clones, int maxRequests)
    {
        var reference = new ExactLru(budgetBytes);

        double hitPercent = Replay(trace, EvictionPolicy.Lru, budgetBytes, clones, maxRequests, reference.Request);

        AssertNear(hitPercent, reference.HitPercent, "exact LRU");
    }

    // The budgets of the published figures, for as many requests as take some seconds.
    [Theory]
    [InlineData(TraceReader.Web12, 500, 32, 300_000)]
    [InlineData(TraceReader.Web12, 1_500, 11, 600_000)]
    [InlineData(TraceReader.OrmBusy, 1_000, 16, 400_000)]
    [InlineData(TraceReader.OrmBusy, 5_000, 4, 1_000_000)]
    [InlineData(TraceReader.OrmBusy, 17_000, 1, 2_000_000)]
    public void Store_UnderATrace_HitsAsOftenAsAnExactS3Fifo(string trace, int objects, int clones, int maxRequests)
    {
        long budgetBytes = (long)objects * clones * ChargeBytes;
        var reference = new ExactS3Fifo(budgetBytes);

        double hitPercent = Replay(trace, EvictionPolicy.S3Fifo, budgetBytes, clones, maxRequests, reference.Request);

        AssertNear(hitPercent, reference.HitPercent, "exact S3-FIFO");
    }

    private static void AssertNear(double hitPercent, double referencePercent, string name)
    {
        string figures = $"ours {hitPercent:0.00} %, {name} {referencePercent:0.00} %";
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(hitPercent >= referencePercent - MaxPointsBelow, $"{figures}: more than {MaxPointsBelow} point below.");
    }

    private static double Replay(
        string trace, EvictionPolicy policy, long budgetBytes, int clones, int maxRequests, Func<long, int, bool> reference)
    {
        int[] requests = TraceReader.ReadKeys(trace);
        using var store = new CacheStore(
            new StoreOptions
            {
                MemoryLimitBytes = budgetBytes,
                Eviction = policy,
                ShardCount = Shards,
                HashSeed = 7,
                LaneCount = 4,
            },
            TimeProvider.System);
        for (int shard = 0; shard < Shards; shard++)
        {
            store.Open(shard);
        }

        foreach (int request in requests.AsSpan(0, Math.Min(requests.Length, maxRequests)))
        {
            for (int clone = 0; clone < clones; clone++)
            {
                reference(((long)request << 32) | (uint)clone, KeyBytes + ValueBytes);
                Request(store, request, clone);
            }
        }

        StoreStatistics statistics = store.GetStatistics();
        Assert.True(statistics.UsedBytes <= statistics.BudgetBytes);
        return 100.0 * statistics.Hits / (statistics.Hits + statistics.Misses);
    }

    private static void Request(CacheStore store, int request, int clone)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        BinaryPrimitives.WriteInt32LittleEndian(key, request);
        BinaryPrimitives.WriteInt32LittleEndian(key[4..], clone);
        int shard = (int)((uint)(request * 31 + clone) % Shards);
        var sink = default(ValueSink);
        if (store.Get(shard, key, ref sink) != StoreResult.Success)
        {
            store.Put(shard, PutMode.Set, key, Value, 0, Expiration.Never, 0, out _);
        }
    }
}
