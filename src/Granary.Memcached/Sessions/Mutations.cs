using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>
/// The commands that change one entry: on this silo at once, for another silo as part of the plan.
/// </summary>
internal sealed class Mutations(
    GatewayState gateway,
    GatewayCounters counters,
    CommandLog log,
    ReplyPlan plan,
    OptionedChanges changes,
    MetaCommands meta)
{
    private readonly CacheStore _store = gateway.Cache.Store;

    /// <summary>set, add, replace, append, prepend, cas, ms of a value that is not long.</summary>
    /// <param name="command">The command.</param>
    /// <param name="line">Its line, with its end.</param>
    /// <param name="block">The value and two bytes that should be CR LF.</param>
    /// <param name="answers">Where the answer goes.</param>
    public void Store(
        in Command command, ReadOnlySpan<byte> line, ReadOnlySpan<byte> block, OutputBuffer answers)
    {
        if (command.Verb == Verb.MetaSet)
        {
            meta.Store(command, line, block, answers);
            return;
        }

        ReadOnlySpan<byte> value = block[..command.ValueLength];
        if (!block[command.ValueLength..].SequenceEqual("\r\n"u8))
        {
            counters.ProtocolErrors++;
            counters.CmdSet++; // as in memcached: it has taken the data
            answers.Write(command.NoReply ? default : Reply.For(ProtocolError.BadDataChunk));
            return;
        }

        Expiration expiration = Expirations.From(command.ExpirationSeconds);
        int shard = gateway.Cache.ShardOf(command.Key);
        StoreResult result = _store.Put(
            shard,
            Operations.ModeOf(command.Verb),
            command.Key,
            value,
            command.Flags,
            expiration,
            command.Number,
            out _);
        Answer(command, line, shard, result, value, expiration, 0, answers);
    }

    /// <summary>Refuses a value over the limit.</summary>
    /// <remarks>A set drops the old value all the same, as memcached does: it is no longer the truth.</remarks>
    public void RefuseTooLarge(in Command command, OutputBuffer answers)
    {
        if (command.Verb == Verb.MetaSet)
        {
            meta.RefuseTooLarge(command, answers);
            return;
        }

        Tell(command, CacheStatus.TooLarge);
        Outcomes.Write(PlanItemKind.Store, CacheStatus.TooLarge, 0, command.NoReply, answers, counters);
        if (command.Verb == Verb.Set)
        {
            changes.Drop(command.Key);
        }
    }

    /// <summary>Answers a command whose long value has come in.</summary>
    public void EndUpload(ValueUpload upload, OutputBuffer output)
    {
        if (upload.IsBadChunk)
        {
            counters.ProtocolErrors++;
            counters.CmdSet++;
            output.Write(upload.NoReply ? default : Reply.For(ProtocolError.BadDataChunk));
        }
        else if (upload.HasOptions)
        {
            meta.EndUpload(upload, output);
        }
        else
        {
            CommandParser.TryRead(upload.Line, out Command command, out _);
            Tell(command, upload.Outcome);
            if (upload.StoredShard is { } shard && gateway.Cache.HasToWait(shard))
            {
                plan.AddDone(upload.Kind, shard, upload.Outcome, 0, upload.NoReply);
            }
            else
            {
                Outcomes.Write(upload.Kind, upload.Outcome, 0, upload.NoReply, output, counters);
            }
        }
    }

    /// <summary>incr, decr, touch, delete, ma, md.</summary>
    /// <param name="command">The command.</param>
    /// <param name="line">Its line, with its end.</param>
    /// <param name="answers">Where the answer goes.</param>
    public void Change(in Command command, ReadOnlySpan<byte> line, OutputBuffer answers)
    {
        if (command.Verb is Verb.MetaDelete or Verb.MetaArithmetic)
        {
            meta.Change(command, line, answers);
            return;
        }

        int shard = gateway.Cache.ShardOf(command.Key);
        Expiration expiration = Expirations.From(command.ExpirationSeconds);
        ulong number = 0;
        StoreResult result = command.Verb switch
        {
            Verb.Delete => _store.Delete(shard, command.Key),
            Verb.Touch => _store.Touch(shard, command.Key, expiration),
            _ => _store.Increment(shard, command.Key, command.Number, command.Verb == Verb.Decr, out number, out _),
        };
        Answer(command, line, shard, result, default, expiration, number, answers);
    }

    private void Answer(
        in Command command,
        ReadOnlySpan<byte> line,
        int shard,
        StoreResult result,
        ReadOnlySpan<byte> value,
        Expiration expiration,
        ulong number,
        OutputBuffer answers)
    {
        PlanItemKind kind = Operations.KindOf(command.Verb);
        if (log.IsOn && result != StoreResult.NotOpen)
        {
            TextLog.Tell(log, command, StoreOutcome.StatusOf(result));
        }

        // A key that was evicted here may still be in the replica: its deletion counts when it is gone there too.
        bool isChange = result == StoreResult.Success || (result == StoreResult.NotFound && command.Verb == Verb.Delete);
        if (isChange && gateway.Cache.HasToWait(shard))
        {
            plan.AddDone(kind, shard, StoreOutcome.StatusOf(result), number, command.NoReply);
            return;
        }

        if (result == StoreResult.NoRoom && command.Verb == Verb.Set)
        {
            changes.DropRefused(command.Key);
        }

        if (result != StoreResult.NotOpen)
        {
            Outcomes.Write(kind, StoreOutcome.StatusOf(result), number, command.NoReply, answers, counters);
            return;
        }

        counters.RemoteOperations++;
        var operation = new PackedOperation
        {
            Operation = Operations.OperationOf(command.Verb),
            Key = command.Key,
            Value = value,
            Flags = command.Flags,
            Expiration = expiration.Raw,
            Number = command.Number,
        };
        plan.Add(kind, operation, log.IsOn ? line : default, command.NoReply);
    }

    private void Tell(in Command command, CacheStatus status)
    {
        if (log.IsOn)
        {
            TextLog.Tell(log, command, status);
        }
    }
}
