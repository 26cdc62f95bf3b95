using Granary.Store.Entries;
using Granary.Store.HotKeys;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.HotKeys;

/// <summary>The keys used most, sampled as in a silo: how good the estimates are, and what they cost.</summary>
public sealed class SampledHotKeysTests
{
    private const int Shards = 16;
    private const int Keys = 10_000;

    private struct CountingSink : IEntrySink
    {
        public int Count { get; private set; }

        public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value) => Count++;

        public readonly void Accept(in EntryInfo entry, PinnedValue value) => value.Dispose();
    }

    // 2 million operations in 8 s: the fifth key has 2.6 % of them, 800 samples, whose deviation is below 4 %. Four times
    // that is allowed.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void GetHotKeys_OfAZipfianStream_FindsTheTopFive(int seed)
    {
        const int Operations = 2_000_000;
        using var driver = new StoreDriver(shardCount: Shards, hashSeed: seed);
        double[] cumulated = Zipf(exponent: 1.1);
        var random = new Random(seed);
        int[] exact = new int[Keys];

        for (int operation = 0; operation < Operations; operation++)
        {
            int rank = Array.BinarySearch(cumulated, random.NextDouble());
            rank = Math.Min(rank < 0 ? ~rank : rank, Keys - 1);
            exact[rank]++;
            Use(driver.Store, rank, isWrite: random.Next(5) == 0);
            if (operation % 1_000 == 999)
            {
                driver.Time.Advance(TimeSpan.FromMilliseconds(4));
            }
        }

        HotKeyReport report = driver.Store.GetHotKeys(5);
        Assert.Equal([0, 1, 2, 3, 4], report.Keys.Select(key => BitConverter.ToInt32(key.Key.Span)));
        AssertNear(Operations / 8.0, report.OperationsPerSecond, 0.02);
        for (int rank = 0; rank < 5; rank++)
        {
            AssertNear(exact[rank] / 8.0, report.Keys[rank].OperationsPerSecond, 0.15);
            AssertNear(exact[rank] / 40.0, report.Keys[rank].WritesPerSecond, 0.3);
        }

        Assert.True(report.MissingPerSecond < report.OperationsPerSecond / 256);
    }

    // Each of the others is met about once: by that nobody knows whether it is used much.
    [Fact]
    public void GetHotKeys_OfKeysThatAreUsedAlike_TellsNoneOfThem()
    {
        using var driver = new StoreDriver(shardCount: Shards, hashSeed: 1);
        for (int use = 0; use < StoreOptions.DefaultHotKeySamplePeriod; use++)
        {
            for (int key = 1; key < 200; key++)
            {
                Use(driver.Store, key, isWrite: false);
                Use(driver.Store, 0, isWrite: false);
            }
        }

        HotKey only = Assert.Single(driver.Store.GetHotKeys(20).Keys);
        Assert.Equal(0, BitConverter.ToInt32(only.Key.Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(StoreOptions.DefaultHotKeySamplePeriod)]
    public void Operations_OnManyKeys_AllocateNothing(int period)
    {
        using var driver = new StoreDriver(shardCount: Shards, samplePeriod: period);
        UseAll(driver.Store);

        Assert.Equal(0, LeastAllocated(static () => { }, () => UseAll(driver.Store)));
        Assert.Equal(0, LeastAllocated(
            () => driver.Time.Advance(TimeSpan.FromSeconds(11)),
            () => UseAll(driver.Store))); // begins with the next window
    }

    [Fact]
    public void KeyUses_HowManyKeysEver_TakesTheSameMemory()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var uses = new KeyUses(new StoreClock(TimeProvider.System), period: 1);
        long made = GC.GetAllocatedBytesForCurrentThread() - before;
        byte[] key = new byte[CacheStore.MaxKeyBytes];

        Assert.Equal(0, LeastAllocated(static () => { }, () =>
        {
            for (int number = 0; number < 100_000; number++)
            {
                BitConverter.TryWriteBytes(key, number);
                uses.Add((ulong)number, key, 0, isWrite: false);
            }
        }));
        Assert.InRange(made, 2 * KeyUses.Capacity * CacheStore.MaxKeyBytes, 600_000);
    }

    // Time stands still, so the window is taken for a second and rates are counts.
    [Fact]
    public async Task Operations_OfManyThreads_AreAllCounted()
    {
        const int Threads = 4;
        const int Rounds = 400;
        const int SoakKeys = 200;
        using var driver = new StoreDriver(shardCount: Shards, samplePeriod: 1);
        using var done = new CancellationTokenSource();
        Task reader = Task.Run(() => ReadUntil(driver.Store, done.Token));

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (int use = 0; use < Rounds * SoakKeys; use++)
            {
                Use(driver.Store, use % SoakKeys, isWrite: use % 4 == 0);
            }
        })));
        await done.CancelAsync();
        await reader;

        HotKeyReport report = driver.Store.GetHotKeys(1_000);
        Assert.Equal(Threads * Rounds * SoakKeys, report.OperationsPerSecond);
        Assert.Equal(SoakKeys, report.Keys.Count);
        Assert.All(report.Keys, key => Assert.Equal(Threads * Rounds, key.OperationsPerSecond));
    }

    // A collection that another test causes counts what is left of the thread's piece of heap as allocated: up to 8 KiB.
    private static long LeastAllocated(Action before, Action action)
    {
        long least = long.MaxValue;
        for (int run = 0; run < 5; run++)
        {
            before();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        return least;
    }

    private static void ReadUntil(CacheStore store, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            HotKeyReport report = store.GetHotKeys(int.MaxValue);
            Assert.Equal(report.OperationsPerSecond, report.Keys.Sum(key => key.OperationsPerSecond));
        }
    }

    private static void UseAll(CacheStore store)
    {
        for (int number = 0; number < Keys; number++)
        {
            Use(store, number, isWrite: false);
            Use(store, number, isWrite: true);
        }
    }

    private static void Use(CacheStore store, int number, bool isWrite)
    {
        Span<byte> key = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(key, number);
        if (isWrite)
        {
            store.Put(number % Shards, PutMode.Set, key, key, 0, Expiration.Never, 0, out _);
            return;
        }

        var sink = default(CountingSink);
        store.Get(number % Shards, key, ref sink);
    }

    private static double[] Zipf(double exponent)
    {
        double[] cumulated = new double[Keys];
        double sum = 0;
        for (int rank = 0; rank < Keys; rank++)
        {
            sum += Math.Pow(rank + 1, -exponent);
            cumulated[rank] = sum;
        }

        return [.. cumulated.Select(value => value / sum)];
    }

    private static void AssertNear(double expected, double actual, double share) =>
        Assert.InRange(actual, expected * (1 - share), expected * (1 + share));
}
