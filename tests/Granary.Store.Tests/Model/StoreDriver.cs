using System.Text;
using Granary.Store.Entries;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Store.Tests.Model;

/// <summary>A store with one open shard, a clock in the test's hand, and text instead of spans.</summary>
internal sealed class StoreDriver : IDisposable
{
    public StoreDriver(
        long memoryLimitBytes = 16 << 20,
        int maxValueBytes = 1 << 20,
        int shardCount = 1,
        FakeTimeProvider? time = null,
        long hashSeed = 42,
        bool isOpen = true,
        int samplePeriod = StoreOptions.DefaultHotKeySamplePeriod,
        int laneCount = 2,
        EvictionPolicy eviction = EvictionPolicy.Lru,
        IReadOnlyList<StoreNamespace>? namespaces = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Store = new CacheStore(
            new StoreOptions
            {
                MemoryLimitBytes = memoryLimitBytes,
                Eviction = eviction,
                MaxValueBytes = maxValueBytes,
                ShardCount = shardCount,
                HashSeed = hashSeed,
                LaneCount = laneCount,
                HotKeySamplePeriod = samplePeriod,
                Namespaces = namespaces ?? [],
            },
            Time);
        for (int shard = 0; shard < shardCount && isOpen; shard++)
        {
            Store.Open(shard);
        }
    }

    public FakeTimeProvider Time { get; }

    public CacheStore Store { get; }

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public ulong LastCas { get; private set; }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public StoreResult Put(PutMode mode, string key, byte[] value, uint flags = 0, Expiration expiration = default, ulong compare = 0) =>
        Put(key, value, new PutOptions
        {
            Mode = mode,
            Flags = flags,
            Expiration = expiration,
            Compare = mode == PutMode.CompareAndSet ? compare : 0,
        });

    public StoreResult Put(string key, byte[] value, in PutOptions options)
    {
        StoreResult result = Store.Put(0, Bytes(key), value, options, out PutOutcome outcome);
        LastCas = outcome.Cas;
        return result;
    }

    public StoreResult SetTagged(string key, string value, params ulong[] tags) =>
        Put(key, Bytes(value), new PutOptions { Tags = new EntryTags(tags) });

    public StoreResult Set(string key, string value, uint flags = 0, Expiration expiration = default) =>
        Put(PutMode.Set, key, Bytes(value), flags, expiration);

    public (byte[]? Value, EntryInfo Entry) Read(string key)
    {
        var sink = default(ValueSink);
        Store.Get(0, Bytes(key), ref sink);
        return (sink.Value, sink.Entry);
    }

    public string? Get(string key) => Read(key).Value is { } value ? Encoding.UTF8.GetString(value) : null;

    public string? GetAndTouch(string key, Expiration expiration)
    {
        var sink = default(ValueSink);
        Store.GetAndTouch(0, Bytes(key), expiration, ref sink);
        return sink.Value is null ? null : Encoding.UTF8.GetString(sink.Value);
    }

    public void Dispose() => Store.Dispose();
}
