using System.Runtime.InteropServices;
using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Store.Tests.Copies;

/// <summary>Threads change a store in every way while others feed all its shards to a second one: in the end they agree.</summary>
public sealed class CopySoakTests
{
    private const int Writers = 3;
    private const int Shards = 6; // the last one is flushed now and then
    private const int KeysPerWriter = 3000;
    private const int OperationsPerWriter = 60_000;
    private const int MaxValueBytes = 200_000;

    [Theory]
    [InlineData(1, 256 << 20)] // nothing is evicted: both have the same
    [InlineData(2, 8 << 20)] // the copy still has what its original had to evict
    [InlineData(3, 8 << 20)]
    public async Task Copy_OfAStoreUnderAllKindsOfChange_EndsAsItsOriginalAsync(int seed, long memoryBytes)
    {
        using var source = new StoreDriver(memoryBytes, MaxValueBytes, Shards);
        using var target = new StoreDriver(256 << 20, MaxValueBytes, Shards, source.Time, hashSeed: 7, isOpen: false);
        ShardFeed[] feeds = [.. Enumerable.Range(0, Shards).Select(source.Store.OpenFeed)];
        using var written = new CancellationTokenSource();

        Task copier = Task.Run(() => Copy(feeds, target.Store, new Random(seed), written.Token), CancellationToken.None);
        ulong[][] last = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            () => Write(source.Store, source.Time, writer, new Random((seed * 100) + writer)), CancellationToken.None)));
        await written.CancelAsync();
        await copier;

        Array.ForEach(feeds, static feed => feed.Dispose());
        AssertSame(source, target, last, isExact: memoryBytes > 8 << 20);
    }

    // Each writer has keys of its own, so that it knows what was done to them last.
    private static ulong[] Write(CacheStore store, FakeTimeProvider time, int writer, Random random)
    {
        ulong[] last = new ulong[KeysPerWriter]; // cas; 0: none, or perhaps none
        byte[] key = new byte[sizeof(long)];
        byte[] value = new byte[MaxValueBytes];
        for (int operation = 0; operation < OperationsPerWriter; operation++)
        {
            int number = random.Next(KeysPerWriter);
            int shard = KeyOf(writer, number, key);
            switch (random.Next(20))
            {
                case < 12:
                    int length = random.Next(1000) == 0 ? random.Next(MaxValueBytes) : random.Next(2000);
                    random.NextBytes(value.AsSpan(0, Math.Min(length, 16)));
                    bool expires = random.Next(4) == 0;
                    Expiration expiration = expires ? Expiration.AfterMilliseconds(random.Next(1, 300)) : Expiration.Never;
                    StoreResult put = store.Put(
                        shard, PutMode.Set, key, value.AsSpan(0, length), (uint)random.Next(3), expiration, 0, out ulong cas);
                    last[number] = put != StoreResult.Success ? last[number] : expires ? 0 : cas;
                    break;
                case 12 or 13:
                    store.Delete(shard, key); // found or evicted: nobody may find it from now on
                    last[number] = 0;
                    break;
                case 14:
                    if (store.Touch(shard, key, Expiration.AfterMilliseconds(random.Next(1, 300))) == StoreResult.Success)
                    {
                        last[number] = 0;
                    }

                    break;
                case 15 when random.Next(50) == 0:
                    store.Flush(Shards - 1, 0);
                    break;
                case 16:
                    store.Sweep(50);
                    break;
                case 17 when random.Next(20) == 0:
                    time.Advance(TimeSpan.FromMilliseconds(1));
                    break;
                default:
                    var sink = default(ValueSink);
                    store.Get(shard, key, ref sink);
                    break;
            }
        }

        return last;
    }

    private static void Copy(ShardFeed[] feeds, CacheStore target, Random random, CancellationToken written)
    {
        byte[] frame = new byte[256 << 10];
        bool isLast;
        do
        {
            isLast = written.IsCancellationRequested; // before the reads: what comes after is read once more
            foreach (ShardFeed feed in feeds)
            {
                int most = random.Next(ShardFeed.SmallestFrameBytes, frame.Length);
                while (feed.Read(frame.AsSpan(0, most)) is > 0 and int length)
                {
                    ApplyResult result = target.Apply(feed.Shard, frame.AsSpan(0, length));
                    Assert.Equal((ApplyOutcome.Applied, 0), (result.Outcome, result.Dropped));
                    if (!isLast && random.Next(2) == 0)
                    {
                        break;
                    }
                }
            }
        }
        while (!isLast);
    }

    private static void AssertSame(StoreDriver source, StoreDriver target, ulong[][] last, bool isExact)
    {
        int same = 0;
        int evicted = 0;
        Span<byte> key = stackalloc byte[sizeof(long)];
        Enumerable.Range(0, Shards).ToList().ForEach(target.Store.Open);
        for (int writer = 0; writer < Writers; writer++)
        {
            for (int number = 0; number < KeysPerWriter; number++)
            {
                int shard = KeyOf(writer, number, key);
                var original = default(ValueSink);
                var copy = default(ValueSink);
                bool isThere = source.Store.Get(shard, key, ref original) == StoreResult.Success;
                bool isCopied = target.Store.Get(shard, key, ref copy) == StoreResult.Success;
                if (isThere || isExact)
                {
                    Assert.Equal((isThere, original.Entry), (isCopied, copy.Entry));
                    Assert.Equal(original.Value, copy.Value);
                    same += isThere ? 1 : 0;
                }
                else if (isCopied)
                {
                    // Only what was evicted may be there, as it was last: nothing deleted, replaced or expired.
                    ulong cas = last[writer][number];
                    Assert.True(copy.Entry.ExpiresAt != 0 || copy.Entry.Cas == cas, $"The copy has an old entry: {copy.Entry}.");
                    evicted++;
                }
            }
        }

        Assert.True(same > 100, $"Only {same} entries are there.");
        Assert.Equal(isExact, evicted == 0);
        Assert.Equal(isExact, source.Store.GetStatistics().Evictions == 0);
    }

    private static int KeyOf(int writer, int number, Span<byte> key)
    {
        long value = ((long)writer << 32) | (uint)number;
        MemoryMarshal.Write(key, in value);
        return number % Shards;
    }
}
