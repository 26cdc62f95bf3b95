using System.Text;
using Granary.Cache.Routing;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Tests.Doubles;

/// <summary>A real store of one shard, used as the silo uses it.</summary>
internal static class TestStore
{
    public const int MaxValueBytes = 4 << 20;

    /// <param name="time">The store's clock.</param>
    /// <param name="memoryBytes">Its budget: the larger it is the longer are the values that lie in one piece.</param>
    /// <param name="shardCount">Its shards; all are closed.</param>
    /// <param name="namespaces">Its namespaces.</param>
    public static CacheStore Create(
        TimeProvider time, long memoryBytes = 64 << 20, int shardCount = 1, IReadOnlyList<StoreNamespace>? namespaces = null) => new(
        new StoreOptions
        {
            MemoryLimitBytes = memoryBytes,
            MaxValueBytes = MaxValueBytes,
            ShardCount = shardCount,
            Namespaces = namespaces ?? [],
        },
        time);

    /// <summary>Executes one operation.</summary>
    /// <returns>Its status; <see cref="CacheStatus.None"/> if the shard is not open.</returns>
    public static CacheStatus Execute(this CacheStore store, in PackedOperation operation) =>
        store.Execute(operation, new ReplyWriter(), out _, out _);

    public static CacheStatus Execute(
        this CacheStore store, in PackedOperation operation, ReplyWriter writer, out string value, out ulong number)
    {
        value = string.Empty;
        number = 0;
        if (!LocalOperations.TryExecute(store, operation, writer, following: 0))
        {
            return CacheStatus.None;
        }

        var reader = new ReplyReader(writer.ToArray(0));
        PackedReply last = default;
        while (reader.TryRead(out PackedReply reply))
        {
            last = reply;
        }

        value = Encoding.UTF8.GetString(last.Value);
        number = last.Number;
        return last.Status;
    }

    public static CacheStatus Set(this CacheStore store, string key, ReadOnlySpan<byte> value) => store.Execute(
        new PackedOperation { Operation = CacheOperation.Set, Key = Encoding.UTF8.GetBytes(key), Value = value });

    public static CacheStatus Get(this CacheStore store, string key) => store.Execute(
        new PackedOperation { Operation = CacheOperation.Get, Key = Encoding.UTF8.GetBytes(key) });
}
