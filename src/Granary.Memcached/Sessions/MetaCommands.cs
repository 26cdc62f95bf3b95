using System.Runtime.CompilerServices;
using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>mg, ms, md, ma, me: on this silo at once, for another silo as part of the plan.</summary>
[SkipLocalsInit] // room for keys in base64, which most have no need of
internal sealed class MetaCommands(
    GatewayState gateway,
    GatewayCounters counters,
    CommandLog log,
    ReplyPlan plan,
    Caller caller,
    OptionedChanges changes,
    MetaAnswers answers)
{
    // What needs no more than the entry as it is.
    private const MetaOption PlainOptions = MetaOption.Value | MetaOption.Quiet | MetaOption.Repeats;

    private static readonly ReadOptions ReadWithValue = new() { WantsValue = true };
    private static readonly ReadOptions ReadWithoutValue = new() { WantsValue = false };

    private readonly CacheStore _store = gateway.Cache.Store;

    /// <summary>mg and me.</summary>
    /// <param name="command">The command.</param>
    /// <param name="line">Its line, with its end.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <param name="stream">A long value whose line was written and that is to be sent before going on.</param>
    /// <returns><see langword="false"/> if nothing was done, because what came before must be answered first.</returns>
    public bool TryRead(in Command command, ReadOnlySpan<byte> line, OutputBuffer output, out ValueStream? stream)
    {
        bool isPlain = command.Verb == Verb.MetaGet && (command.Meta.Options & ~PlainOptions) == MetaOption.None;
        return isPlain && plan.IsEmpty && caller.MayWrite(command.Key)
            ? TryReadPlain(command, line, output, out stream)
            : TryReadAny(command, line, output, out stream);
    }

    private bool TryReadPlain(
        in Command command, ReadOnlySpan<byte> line, OutputBuffer output, out ValueStream? stream)
    {
        bool withValue = command.Meta.Has(MetaOption.Value);
        ReadOnlySpan<byte> flags = command.Meta.Has(MetaOption.Repeats) ? command.Arguments : default;
        scoped var writer = new MetaHitWriter(output, command.Key, flags, withValue, _store);
        ref readonly ReadOptions options = ref withValue ? ref ReadWithValue : ref ReadWithoutValue; // no copy
        StoreResult result = _store.Read(gateway.Cache.ShardOf(command.Key), command.Key, options, ref writer);
        stream = writer.Pinned is { } pinned ? new ValueStream(pinned, Reply.LineEnd.Length) : null;
        if (result != StoreResult.Success)
        {
            return TryEndRead(result, command, line, output);
        }

        counters.CmdGet++;
        counters.GetHits++;
        if (log.IsOn)
        {
            log.Read(command.Key, CacheStatus.Success, writer.ValueLength, isMeta: true);
        }

        return true;
    }

    private bool TryReadAny(
        in Command command, ReadOnlySpan<byte> line, OutputBuffer output, out ValueStream? stream)
    {
        ReadOnlySpan<byte> key = MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]);
        PackedOperation operation = caller.Limit(MetaOperations.From(command, key));
        ReadOptions options = StoreOptionsOf.Read(operation.Options, operation.Expiration);
        scoped var writer = new MetaEntryWriter(command, answers, output, _store, mayPin: plan.IsEmpty);
        StoreResult result = _store.Read(gateway.Cache.ShardOf(key), key, options, ref writer);
        stream = writer.Pinned is { } pinned ? new ValueStream(pinned, Reply.LineEnd.Length) : null;
        return result == StoreResult.Success || TryEndRead(result, command, line, output);
    }

    // What is no hit. Not inlined: operations and replies are large, and a method clears the room for them when it begins.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryEndRead(StoreResult result, in Command command, ReadOnlySpan<byte> line, OutputBuffer output)
    {
        switch (result)
        {
            case StoreResult.Declined:
                return false;
            case StoreResult.NotOpen:
                ReadOnlySpan<byte> key = MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]);
                changes.Plan(line, caller.Limit(MetaOperations.From(command, key)));
                return true;
            default:
                answers.Write(command, new PackedReply { Status = StoreOutcome.StatusOf(result) }, output);
                return true;
        }
    }

    /// <summary>ms of a value that is not long.</summary>
    /// <param name="command">The command.</param>
    /// <param name="line">Its line, with its end.</param>
    /// <param name="block">The value and two bytes that should be CR LF.</param>
    /// <param name="output">Where the answer goes.</param>
    public void Store(in Command command, ReadOnlySpan<byte> line, ReadOnlySpan<byte> block, OutputBuffer output)
    {
        if (!block[command.ValueLength..].SequenceEqual(Reply.LineEnd))
        {
            counters.ProtocolErrors++;
            counters.CmdSet++; // as in memcached: it has taken the data
            output.Write(Reply.BadDataChunk);
            return;
        }

        ReadOnlySpan<byte> key = MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]);
        PackedOperation operation = MetaOperations.From(command, key) with { Value = block[..command.ValueLength] };
        Change(command, line, operation, output);
    }

    /// <summary>Answers ms of a long value that has come in.</summary>
    public void EndUpload(ValueUpload upload, OutputBuffer output)
    {
        CommandParser.TryRead(upload.Line, out Command command, out _);
        PackedReply reply = OptionedChanges.ReplyOf(upload.Outcome, upload.Stored);
        if (upload.StoredShard is { } shard)
        {
            Answer(command, shard, reply, output);
        }
        else
        {
            answers.Write(command, reply, output);
        }
    }

    /// <summary>Refuses a value over the limit. The old one is dropped, whatever the mode, as memcached does.</summary>
    public void RefuseTooLarge(in Command command, OutputBuffer output)
    {
        answers.Write(command, new PackedReply { Status = CacheStatus.TooLarge }, output);
        changes.Drop(MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]));
    }

    /// <summary>md and ma.</summary>
    /// <param name="command">The command.</param>
    /// <param name="line">Its line, with its end.</param>
    /// <param name="output">Where the answer goes.</param>
    public void Change(in Command command, ReadOnlySpan<byte> line, OutputBuffer output)
    {
        ReadOnlySpan<byte> key = MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]);
        Change(command, line, MetaOperations.From(command, key), output);
    }

    private void Change(
        in Command command, ReadOnlySpan<byte> line, in PackedOperation operation, OutputBuffer output)
    {
        if (changes.TryExecute(line, operation, out PackedReply reply))
        {
            Answer(command, gateway.Cache.ShardOf(operation.Key), reply, output);
        }
    }

    private void Answer(in Command command, int shard, in PackedReply reply, OutputBuffer output)
    {
        if (changes.HasToWait(shard, reply.Status, isDelete: command.Verb == Verb.MetaDelete))
        {
            int began = plan.BeginConfirmed();
            answers.Write(command, reply, plan.Side);
            plan.AddConfirmed(shard, began);
            return;
        }

        answers.Write(command, reply, output);
    }
}
