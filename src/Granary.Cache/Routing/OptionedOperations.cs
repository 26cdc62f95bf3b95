using System.Runtime.InteropServices;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>Executes packed operations with options on the shards that are open here.</summary>
internal static class OptionedOperations
{
    /// <inheritdoc cref="LocalOperations.TryExecute"/>
    public static bool TryExecute(
        CacheStore store, int shard, in PackedOperation operation, ReplyWriter reply, int following)
    {
        if (!reply.FitsState(0, following))
        {
            reply.Add(CacheStatus.Deferred);
            return true;
        }

        return operation.Operation switch
        {
            CacheOperation.ReadWith => TryRead(store, shard, operation, reply, following),
            CacheOperation.DeleteWith => TryDelete(store, shard, operation, reply),
            CacheOperation.CountWith => TryCount(store, shard, operation, reply),
            _ => TryPut(store, shard, operation, reply),
        };
    }

    private static bool TryRead(
        CacheStore store, int shard, in PackedOperation operation, ReplyWriter reply, int following)
    {
        var sink = new StateSink(reply, following, store);
        StoreResult result = store.Read(
            shard, operation.Key, StoreOptionsOf.Read(operation.Options, operation.Expiration), ref sink);
        return result switch
        {
            StoreResult.NotOpen => false,
            StoreResult.Success => true,
            StoreResult.Declined => Add(reply, sink.Refusal),
            _ => Add(reply, StoreOutcome.StatusOf(result)),
        };
    }

    private static bool TryPut(CacheStore store, int shard, in PackedOperation operation, ReplyWriter reply)
    {
        PutOptions options = StoreOptionsOf.Put(
            operation.Options, operation.Flags, operation.Expiration, operation.Window);
        StoreResult result = store.Put(shard, operation.Key, operation.Value, options, out PutOutcome outcome);
        if (result == StoreResult.NotOpen)
        {
            return false;
        }

        reply.AddState(new PackedReply
        {
            Status = StoreOutcome.StatusOf(result),
            Cas = outcome.Cas,
            State = new EntryState { ValueLength = outcome.ValueLength },
        });
        return true;
    }

    private static bool TryDelete(CacheStore store, int shard, in PackedOperation operation, ReplyWriter reply)
    {
        DeleteOptions options = StoreOptionsOf.Delete(operation.Options, operation.Flags, operation.Expiration);
        StoreResult result = store.Delete(shard, operation.Key, options);
        return result != StoreResult.NotOpen && Add(reply, StoreOutcome.StatusOf(result));
    }

    private static bool TryCount(CacheStore store, int shard, in PackedOperation operation, ReplyWriter reply)
    {
        CountOptions options = StoreOptionsOf.Count(operation.Options, operation.Number, operation.Expiration);
        StoreResult result = store.Count(shard, operation.Key, options, out CountOutcome outcome);
        if (result == StoreResult.NotOpen)
        {
            return false;
        }

        reply.AddState(new PackedReply
        {
            Status = StoreOutcome.StatusOf(result),
            Cas = outcome.Cas,
            Number = outcome.Number,
            State = EntryStates.Of(outcome, store),
        });
        return true;
    }

    private static bool Add(ReplyWriter reply, CacheStatus status)
    {
        reply.Add(status);
        return true;
    }

    // A value that does not go into the reply is not taken, so that what the read does is done when it is asked again.
    private struct StateSink(ReplyWriter reply, int following, CacheStore store) : IReadSink
    {
        public CacheStatus Refusal { get; private set; }

        public bool Takes(int valueLength, bool isPinned)
        {
            Refusal = isPinned || valueLength > WireLimits.MaxInlineValueBytes ? CacheStatus.Paged
                : reply.FitsState(valueLength + ReplyWriter.MaxTagBytes, following) ? CacheStatus.None : CacheStatus.Deferred;
            return Refusal == CacheStatus.None;
        }

        public readonly void Accept(in EntryDetails details, ReadOnlySpan<byte> value) => reply.AddState(new PackedReply
        {
            Status = CacheStatus.Success,
            Cas = details.Entry.Cas,
            Flags = details.Entry.Flags,
            Number = details.IsWatched ? EntryStates.MillisecondsLeft(details.Entry.ExpiresAt, store) : 0,
            Tags = MemoryMarshal.AsBytes(details.Tags.Span),
            Value = value,
            State = EntryStates.Of(details, store),
        });

        public readonly void Accept(in EntryDetails details, PinnedValue value) => value.Dispose(); // it takes none
    }
}
