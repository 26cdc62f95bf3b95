using Granary.Cache.Routing;
using Granary.Memcached.Server;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>
/// Changes of one entry with options: meta commands and binary requests. On this silo at once, for another silo as part of
/// the plan.
/// </summary>
internal sealed class OptionedChanges(GatewayState gateway, GatewayCounters counters, ReplyPlan plan)
{
    private readonly CacheStore _store = gateway.Cache.Store;

    /// <summary>Executes a change on this silo, or plans it for the one that has its shard.</summary>
    /// <param name="line">The command's bytes, without its value.</param>
    /// <param name="operation">What is to be done.</param>
    /// <param name="reply">The outcome, of this silo.</param>
    /// <returns><see langword="false"/> if it is planned.</returns>
    public bool TryExecute(ReadOnlySpan<byte> line, in PackedOperation operation, out PackedReply reply)
    {
        int shard = gateway.Cache.ShardOf(operation.Key);
        StoreResult result = operation.Operation switch
        {
            CacheOperation.PutWith => Put(shard, operation, out reply),
            CacheOperation.DeleteWith => Delete(shard, operation, out reply),
            _ => Count(shard, operation, out reply),
        };
        if (result != StoreResult.NotOpen)
        {
            return true;
        }

        Plan(line, operation);
        return false;
    }

    /// <summary>Adds a command that another silo executes to the plan.</summary>
    public void Plan(ReadOnlySpan<byte> line, in PackedOperation operation)
    {
        counters.RemoteOperations++;
        plan.AddCommand(line, operation);
    }

    /// <summary>Drops the entry that a value which was too large would have replaced: nobody waits for it.</summary>
    public void Drop(ReadOnlySpan<byte> key)
    {
        if (_store.Delete(gateway.Cache.ShardOf(key), key) == StoreResult.NotOpen)
        {
            counters.RemoteOperations++;
            var delete = new PackedOperation { Operation = CacheOperation.Delete, Key = key };
            plan.Add(PlanItemKind.Silent, delete, bytes: default, noReply: true);
        }
    }

    /// <summary>
    /// A set has found no room. Where nothing is evicted the old value goes, as in memcached: else it would stay until somebody
    /// makes room, although it is known to be old.
    /// </summary>
    public void DropRefused(ReadOnlySpan<byte> key)
    {
        if (_store.Options.Eviction == EvictionPolicy.None)
        {
            Drop(key);
        }
    }

    /// <summary>Whether the answer to what was done on this silo has to wait for the shard's replica.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="status">How it went here.</param>
    /// <param name="isDelete">Whether it was a deletion.</param>
    public bool HasToWait(int shard, CacheStatus status, bool isDelete)
    {
        // A key that was evicted here may still be in the replica: its deletion counts when it is gone there too.
        bool isChange = status == CacheStatus.Success || (status == CacheStatus.NotFound && isDelete);
        return isChange && gateway.Cache.HasToWait(shard);
    }

    /// <summary>The outcome of a store.</summary>
    public static PackedReply ReplyOf(CacheStatus status, PutOutcome outcome) => new()
    {
        Status = status,
        Cas = outcome.Cas,
        State = new EntryState { ValueLength = outcome.ValueLength },
    };

    /// <summary>The outcome of what another silo has executed.</summary>
    public static PackedReply ReplyOf(in RemoteReply remote) => new()
    {
        Status = remote.Status,
        Cas = remote.Cas,
        Flags = remote.Flags,
        Number = remote.Number,
        Value = remote.Value,
        State = remote.State,
    };

    private StoreResult Put(int shard, in PackedOperation operation, out PackedReply reply)
    {
        PutOptions options = StoreOptionsOf.Put(operation.Options, operation.Flags, operation.Expiration);
        StoreResult result = _store.Put(shard, operation.Key, operation.Value, options, out PutOutcome outcome);
        reply = ReplyOf(StoreOutcome.StatusOf(result), outcome);
        if (result == StoreResult.NoRoom && options.Mode == PutMode.Set)
        {
            DropRefused(operation.Key);
        }

        return result;
    }

    private StoreResult Delete(int shard, in PackedOperation operation, out PackedReply reply)
    {
        DeleteOptions options = StoreOptionsOf.Delete(operation.Options, operation.Flags, operation.Expiration);
        StoreResult result = _store.Delete(shard, operation.Key, options);
        reply = new PackedReply { Status = StoreOutcome.StatusOf(result) };
        return result;
    }

    private StoreResult Count(int shard, in PackedOperation operation, out PackedReply reply)
    {
        CountOptions options = StoreOptionsOf.Count(operation.Options, operation.Number, operation.Expiration);
        StoreResult result = _store.Count(shard, operation.Key, options, out CountOutcome outcome);
        reply = new PackedReply
        {
            Status = StoreOutcome.StatusOf(result),
            Cas = outcome.Cas,
            Number = outcome.Number,
            State = EntryStates.Of(outcome, _store),
        };
        return result;
    }
}
