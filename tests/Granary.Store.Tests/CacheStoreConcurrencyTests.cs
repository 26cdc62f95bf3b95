using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests;

public sealed class CacheStoreConcurrencyTests
{
    private const int Threads = 4;
    private const int Shards = 8;
    private const int OperationsPerThread = 150_000;

    // Values begin with their key's number and are filled with its low byte, so that a mix-up shows.
    private struct CheckingSink : IEntrySink
    {
        public int Number { get; init; }

        public readonly void Accept(in EntryInfo entry, ReadOnlySpan<byte> value)
        {
            Assert.Equal(Number, BitConverter.ToInt32(value));
            Assert.True(value[sizeof(int)..].IndexOfAnyExcept((byte)Number) < 0, "The value is of another key.");
        }

        public readonly void Accept(in EntryInfo entry, PinnedValue value)
        {
            using (value)
            {
                byte[] copy = new byte[value.Length];
                value.CopyTo(0, copy);
                Accept(entry, copy);
            }
        }
    }

    [Theory]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public async Task Store_UnderManyThreadsAndEviction_NeverMixesValuesUp(EvictionPolicy eviction)
    {
        using var driver = new StoreDriver(
            memoryLimitBytes: 8 << 20, maxValueBytes: 300_000, shardCount: Shards, eviction: eviction);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(
            () => Churn(driver.Store, new Random(thread)), TestContext.Current.CancellationToken)));

        StoreStatistics statistics = driver.Store.GetStatistics();
        Assert.True(statistics.Evictions > 0);
        Assert.True(statistics.UsedBytes <= statistics.BudgetBytes);
        for (int shard = 0; shard < Shards; shard++)
        {
            driver.Store.Clear(shard);
        }

        Assert.Equal(0, driver.Store.GetStatistics().EntryBytes);
    }

    [Theory]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public async Task Store_WhileItsBudgetShrinksAndGrows_NeverMixesValuesUp(EvictionPolicy eviction)
    {
        using var driver = new StoreDriver(
            memoryLimitBytes: 16 << 20, maxValueBytes: 300_000, shardCount: Shards, eviction: eviction);
        StoreBudget budget = driver.Store.Budget;

        Task churning = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(
            () => Churn(driver.Store, new Random(thread)), TestContext.Current.CancellationToken)));
        int changes = 0;
        for (; !churning.IsCompleted; changes++)
        {
            Assert.True(budget.TrySet(changes % 2 == 0 ? budget.LeastBytes : 16 << 20));
            while (budget.Shrink(maxSegments: 8) && !churning.IsCompleted)
            {
                await Task.Yield();
            }

            await Task.Yield();
        }

        await churning;
        Assert.True(changes > 10);
        Assert.True(budget.TrySet(budget.LeastBytes));
        budget.Shrink(int.MaxValue);
        Assert.InRange(driver.Store.GetStatistics().UsedBytes, 0, budget.LeastBytes);
    }

    private static void Churn(CacheStore store, Random random)
    {
        byte[] key = new byte[sizeof(int)];
        byte[] value = new byte[300_000];
        for (int operation = 0; operation < OperationsPerThread; operation++)
        {
            int number = random.Next(40_000);
            int shard = number % Shards;
            BitConverter.TryWriteBytes(key, number);
            switch (random.Next(20))
            {
                case < 10:
                    int length = random.Next(2000) == 0 ? random.Next(300_000) : random.Next(400);
                    length = Math.Max(length, sizeof(int));
                    value.AsSpan(0, length).Fill((byte)number);
                    BitConverter.TryWriteBytes(value, number);
                    store.Put(shard, PutMode.Set, key, value.AsSpan(0, length), 0, Expiration.Never, 0, out _);
                    break;
                case 10:
                    store.Delete(shard, key);
                    break;
                case 11:
                    store.Sweep(100);
                    break;
                case 12:
                    store.Touch(shard, key, Expiration.AfterMilliseconds(random.Next(1, 100_000)));
                    break;
                case 13 when random.Next(2000) == 0:
                    store.Flush(shard, 0);
                    break;
                default:
                    var sink = new CheckingSink { Number = number };
                    store.Get(shard, key, ref sink);
                    break;
            }
        }
    }
}
