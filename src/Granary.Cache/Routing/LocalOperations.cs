using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>Executes packed operations on the shards that are open here.</summary>
internal static class LocalOperations
{
    /// <summary>Executes one operation and adds its answer.</summary>
    /// <param name="store">The silo's entries.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="reply">Where the answer goes.</param>
    /// <param name="following">Answers still to come, for which room is kept.</param>
    /// <returns><see langword="false"/> if the shard is not open here: nothing was done, no answer was added.</returns>
    public static bool TryExecute(CacheStore store, in PackedOperation operation, ReplyWriter reply, int following)
    {
        int shard = ShardHash.ShardOf(operation.Key, store.Options.ShardCount);
        switch (operation.Operation)
        {
            case CacheOperation.Get or CacheOperation.GetAndTouch:
                return TryGet(store, shard, operation, reply, following);
            case CacheOperation.Touch:
                return TryAdd(reply, store.Touch(shard, operation.Key, new Expiration(operation.Expiration)));
            case CacheOperation.Delete:
                return TryAdd(reply, store.Delete(shard, operation.Key));
            case CacheOperation.Increment or CacheOperation.Decrement:
                return TryCount(store, shard, operation, reply);
            case >= CacheOperation.ReadWith and <= CacheOperation.CountWith:
                return OptionedOperations.TryExecute(store, shard, operation, reply, following);
            default:
                return TryPut(store, shard, operation, reply);
        }
    }

    public static PutMode ModeOf(CacheOperation operation) => operation switch
    {
        CacheOperation.Add => PutMode.Add,
        CacheOperation.Replace => PutMode.Replace,
        CacheOperation.Append => PutMode.Append,
        CacheOperation.Prepend => PutMode.Prepend,
        CacheOperation.CompareAndSet => PutMode.CompareAndSet,
        _ => PutMode.Set,
    };

    private static bool TryGet(
        CacheStore store, int shard, in PackedOperation operation, ReplyWriter reply, int following)
    {
        var sink = new ReplySink(reply, following);
        StoreResult result = operation.Operation == CacheOperation.Get
            ? store.Get(shard, operation.Key, ref sink)
            : store.GetAndTouch(shard, operation.Key, new Expiration(operation.Expiration), ref sink);
        return result == StoreResult.Success || TryAdd(reply, result);
    }

    private static bool TryPut(CacheStore store, int shard, in PackedOperation operation, ReplyWriter reply)
    {
        StoreResult result = store.Put(
            shard,
            ModeOf(operation.Operation),
            operation.Key,
            operation.Value,
            operation.Flags,
            new Expiration(operation.Expiration).Sliding(operation.Window),
            operation.Number,
            out ulong cas);
        if (result != StoreResult.Success)
        {
            return TryAdd(reply, result);
        }

        reply.AddStored(CacheStatus.Success, cas);
        return true;
    }

    private static bool TryCount(CacheStore store, int shard, in PackedOperation operation, ReplyWriter reply)
    {
        bool negative = operation.Operation == CacheOperation.Decrement;
        StoreResult result = store.Increment(
            shard, operation.Key, operation.Number, negative, out ulong number, out ulong cas);
        if (result != StoreResult.Success)
        {
            return TryAdd(reply, result);
        }

        reply.AddCount(CacheStatus.Success, cas, number);
        return true;
    }

    private static bool TryAdd(ReplyWriter reply, StoreResult result)
    {
        if (result == StoreResult.NotOpen)
        {
            return false;
        }

        reply.Add(StoreOutcome.StatusOf(result));
        return true;
    }

    // Packs a hit: in the reply if it is short and fits, else as one to be read by pages or asked for again.
    private readonly struct ReplySink(ReplyWriter reply, int following) : IEntrySink
    {
        public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value)
        {
            if (value.Length > WireLimits.MaxInlineValueBytes)
            {
                reply.AddHit(CacheStatus.Paged, entry.Cas, entry.Flags, default);
            }
            else if (!reply.Fits(value.Length, following))
            {
                reply.Add(CacheStatus.Deferred);
            }
            else
            {
                reply.AddHit(CacheStatus.Success, entry.Cas, entry.Flags, value);
            }
        }

        public void Accept(in EntryInfo entry, PinnedValue value)
        {
            value.Dispose();
            reply.AddHit(CacheStatus.Paged, entry.Cas, entry.Flags, default);
        }
    }
}
