using System.IO.Hashing;
using System.Text;
using Granary.Store.Entries;
using Granary.Store.Saving;
using Granary.Store.Tests.Model;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Store.Tests.Saving;

/// <summary>A store of some shards, whose keys go where XxHash3 says, saved to memory and loaded from it.</summary>
internal sealed class SavingDriver : IDisposable
{
    private readonly StoreDriver _driver;

    public SavingDriver(
        int shardCount, FakeTimeProvider? time = null, long memoryLimitBytes = 16 << 20, int maxValueBytes = 1 << 20) =>
        _driver = new StoreDriver(memoryLimitBytes, maxValueBytes, shardCount, time, isOpen: false);

    public CacheStore Store => _driver.Store;

    public FakeTimeProvider Time => _driver.Time;

    public long Now => _driver.Now;

    public void Open()
    {
        for (int shard = 0; shard < Store.Options.ShardCount; shard++)
        {
            Store.Open(shard);
        }
    }

    public void Set(string key, byte[] value, uint flags = 0, Expiration expiration = default) => Assert.Equal(
        StoreResult.Success,
        Store.Put(ShardOf(key), PutMode.Set, Encoding.UTF8.GetBytes(key), value, flags, expiration, 0, out _));

    public void SetTagged(string key, byte[] value, ulong tag) => Assert.Equal(
        StoreResult.Success,
        Store.Put(
            ShardOf(key),
            Encoding.UTF8.GetBytes(key),
            value,
            new PutOptions { Tags = new EntryTags(new[] { tag }) },
            out _));

    public (byte[]? Value, EntryInfo Entry) Read(string key)
    {
        var sink = default(ValueSink);
        Store.Get(ShardOf(key), Encoding.UTF8.GetBytes(key), ref sink);
        return (sink.Value, sink.Entry);
    }

    /// <summary>Closes all shards and saves them.</summary>
    public byte[] Save(string origin = "")
    {
        using var file = new MemoryStream();
        int[] shards = [.. Enumerable.Range(0, Store.Options.ShardCount)];
        Array.ForEach(shards, Store.Close);
        long entries = SavedStore.Write(
            Store, shards, origin, file, progress: null, TestContext.Current.CancellationToken);
        Assert.InRange(entries, 0, Store.GetStatistics().ClosedEntries);
        return file.ToArray();
    }

    public LoadResult Load(byte[] saved)
    {
        using var file = new MemoryStream(saved);
        return SavedStore.ReadHeader(file, out LoadOutcome outcome) is { } header
            ? SavedStore.Load(Store, header, file, ShardOf, progress: null, TestContext.Current.CancellationToken)
            : new LoadResult(outcome, 0, 0);
    }

    public int ShardOf(string key) => ShardOf(Encoding.UTF8.GetBytes(key));

    public void Dispose() => _driver.Dispose();

    private int ShardOf(ReadOnlySpan<byte> key) =>
        (int)(XxHash3.HashToUInt64(key) % (uint)Store.Options.ShardCount);
}
