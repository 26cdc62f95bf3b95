using System.Buffers;
using Granary.Cache.Routing;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions.Binary;

/// <summary>
/// The requests of a binary connection: on this silo at once, for another silo as part of the plan. One thread at a time.
/// </summary>
internal sealed class BinaryCommands(
    GatewayState gateway,
    GatewayCounters counters,
    ReplyPlan plan,
    PendingWork pending,
    Caller caller,
    BinaryAnswers answers,
    Action resume) : ICommands
{
    private readonly CacheStore _store = gateway.Cache.Store;
    private readonly OptionedChanges _changes = new(gateway, counters, plan);
    private readonly Sasl? _sasl = gateway.Users is { } users ? new Sasl(users, caller, counters) : null;
    private BinaryHeader _flush;

    /// <inheritdoc/>
    public bool IsUnderWay => false;

    /// <inheritdoc/>
    public SessionStatus Read(ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
        OutputBuffer answered = plan.IsEmpty ? output : plan.Side;
        switch (BinaryParser.TryRead(input, out BinaryRequest request, out used))
        {
            case OperationStatus.NeedMoreData:
                return SessionStatus.NeedInput;

            case OperationStatus.InvalidData:
                counters.ProtocolErrors++;
                Refuse(request, answered);
                return SessionStatus.Continue;

            case OperationStatus.Done when caller.Access is { } access && !BinaryAccess.Allows(access, request):
                BinaryAnswers.WriteError(request, BinaryStatus.AuthenticationFailure, answered);
                pending.SwallowBytes = request.ValueLength;
                return SessionStatus.Continue;

            default:
                return Execute(request, input, answered, ref used);
        }
    }

    /// <inheritdoc/>
    public void EndFlush(bool isDone, OutputBuffer output)
    {
        var request = new BinaryRequest { Header = _flush, Command = _flush.Command };
        if (isDone)
        {
            BinaryAnswers.WriteDone(request, default, output);
        }
        else
        {
            answers.WriteFailure(request, CacheStatus.Unknown, output);
        }
    }

    /// <inheritdoc/>
    public void EndUpload(ValueUpload upload, OutputBuffer output)
    {
        BinaryParser.TryRead(upload.Line, out BinaryRequest request, out _);
        PackedReply reply = OptionedChanges.ReplyOf(upload.Outcome, upload.Stored);
        if (upload.StoredShard is not null)
        {
            Answer(request, upload.Line, reply, output);
        }
        else
        {
            answers.Write(request, reply, output);
        }
    }

    private void Refuse(in BinaryRequest request, OutputBuffer output)
    {
        if (request.Error != BinaryStatus.Success)
        {
            BinaryAnswers.WriteError(request, request.Error, output);
        }

        pending.SwallowBytes = request.SwallowBytes;
        pending.IsClosing = request.Closes;
    }

    private SessionStatus Execute(
        in BinaryRequest request, ReadOnlySpan<byte> input, OutputBuffer output, ref int used)
    {
        ReadOnlySpan<byte> line = input[..used];
        switch (request.Command)
        {
            case BinaryOpcode.Get or BinaryOpcode.GetKey or BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch:
                Retrieve(request, line, output, ref used);
                break;

            case BinaryOpcode.Set or BinaryOpcode.Add or BinaryOpcode.Replace
                or BinaryOpcode.Append or BinaryOpcode.Prepend:
                return Store(request, input, output, ref used);

            case BinaryOpcode.Delete or BinaryOpcode.Increment or BinaryOpcode.Decrement:
                Change(request, line, BinaryOperations.From(request), output);
                break;

            case BinaryOpcode.Touch:
                Touch(request, line, output);
                break;

            case BinaryOpcode.SaslMechanisms or BinaryOpcode.SaslAuthenticate or BinaryOpcode.SaslStep:
                return Authenticate(request, input, output, ref used);

            case BinaryOpcode.Flush when !gateway.Options.AllowsFlush:
                BinaryAnswers.WriteError(request, BinaryStatus.AuthenticationFailure, output); // memcached's, of all there are
                break;

            case BinaryOpcode.Flush when !plan.IsEmpty:
                used = 0;
                plan.Send(); // what came before is not to survive
                break;

            case BinaryOpcode.Flush:
                _flush = request.Header;
                pending.BeginFlush(BinaryOperations.FlushSecondsOf(request), caller.Access);
                break;

            case BinaryOpcode.Stat:
                WriteStatistics(request, output);
                break;

            case BinaryOpcode.Version:
                BinaryAnswers.WriteDone(request, ServerVersion.Bytes, output);
                break;

            default: // noop and quit
                BinaryAnswers.WriteDone(request, default, output);
                pending.IsClosing = request.Command == BinaryOpcode.Quit;
                break;
        }

        return SessionStatus.Continue;
    }

    private void Retrieve(
        in BinaryRequest request, ReadOnlySpan<byte> line, OutputBuffer output, ref int used)
    {
        var writer = new BinaryEntryWriter(output, request);
        int shard = gateway.Cache.ShardOf(request.Key);
        StoreResult result = request.IsTouch
            ? _store.GetAndTouch(shard, request.Key, BinaryOperations.TouchOf(request), ref writer)
            : _store.Get(shard, request.Key, ref writer);
        if (result == StoreResult.NotOpen)
        {
            _changes.Plan(line, BinaryOperations.From(request));
        }
        else if (result != StoreResult.Success)
        {
            answers.Write(request, new PackedReply { Status = StoreOutcome.StatusOf(result) }, output);
        }
        else if (writer.Pinned is not { } pinned)
        {
            answers.CountHit(request, writer.ValueLength);
        }
        else if (!plan.IsEmpty)
        {
            pinned.Dispose();
            used = 0;
            plan.Send();
        }
        else
        {
            answers.CountHit(request, pinned.Length);
            writer.WriteHead(writer.Entry);
            pending.Stream = new ValueStream(pinned, lineEndLength: 0);
        }
    }

    private SessionStatus Store(
        in BinaryRequest request, ReadOnlySpan<byte> input, OutputBuffer output, ref int used)
    {
        if (request.ValueLength > _store.Options.MaxValueBytes)
        {
            RefuseTooLarge(request, output);
            pending.SwallowBytes = request.ValueLength;
            return SessionStatus.Continue;
        }

        int valueLength = (int)request.ValueLength;
        PackedOperation operation = BinaryOperations.From(request);
        if (valueLength > WireLimits.MaxInlineValueBytes)
        {
            if (!plan.IsEmpty)
            {
                used = 0;
                plan.Send();
                return SessionStatus.Continue;
            }

            pending.Upload = ValueUpload.Of(operation, valueLength, lineEndLength: 0, input[..used], gateway, resume);
            return SessionStatus.Continue;
        }

        if (!BinaryParser.TryReadValue(input, request, ref used, out ReadOnlySpan<byte> value))
        {
            return SessionStatus.NeedInput;
        }

        Change(request, input[..request.Header.HeadLength], operation with { Value = value }, output);
        return SessionStatus.Continue;
    }

    // A set drops the old value all the same, as memcached does: it is no longer the truth.
    private void RefuseTooLarge(in BinaryRequest request, OutputBuffer output)
    {
        answers.Write(request, new PackedReply { Status = CacheStatus.TooLarge }, output);
        if (request.Command == BinaryOpcode.Set)
        {
            _changes.Drop(request.Key);
        }
    }

    private void Touch(in BinaryRequest request, ReadOnlySpan<byte> line, OutputBuffer output)
    {
        TouchSink sink = default;
        StoreResult result = _store.GetAndTouch(
            gateway.Cache.ShardOf(request.Key), request.Key, BinaryOperations.TouchOf(request), ref sink);
        if (result == StoreResult.NotOpen)
        {
            _changes.Plan(line, BinaryOperations.From(request));
            return;
        }

        var reply = new PackedReply
        {
            Status = StoreOutcome.StatusOf(result),
            Flags = sink.Entry.Flags,
            Cas = sink.Entry.Cas,
        };
        Answer(request, line, reply, output);
    }

    private void Change(
        in BinaryRequest request, ReadOnlySpan<byte> line, in PackedOperation operation, OutputBuffer output)
    {
        if (_changes.TryExecute(line, operation, out PackedReply reply))
        {
            Answer(request, line, reply, output);
        }
    }

    private void Answer(in BinaryRequest request, ReadOnlySpan<byte> line, in PackedReply reply, OutputBuffer output)
    {
        int shard = gateway.Cache.ShardOf(request.Key);
        if (_changes.HasToWait(shard, reply.Status, isDelete: request.Command == BinaryOpcode.Delete))
        {
            int began = plan.BeginConfirmed();
            plan.Side.Write(line[..BinaryHeader.Length]); // for BinaryReplay.Confirm
            answers.Write(request, reply, plan.Side);
            plan.AddConfirmed(shard, began);
            return;
        }

        answers.Write(request, reply, output);
    }

    private void WriteStatistics(in BinaryRequest request, OutputBuffer output)
    {
        if (request.Key.SequenceEqual("reset"u8))
        {
            Statistics.Reset(gateway);
            BinaryAnswers.WriteDone(request, default, output);
        }
        else if (request.Key.SequenceEqual(NamespaceSection.Name))
        {
            BinaryAnswers.WriteStatistics(request, NamespaceSection.Read(gateway, caller.Access), output);
        }
        else if (request.Key.StartsWith("detail "u8))
        {
            Detail(request, request.Key["detail ".Length..], output);
        }
        else if (Statistics.TryRead(request.Key, gateway) is { } statistics)
        {
            BinaryAnswers.WriteStatistics(request, statistics, output);
        }
        else
        {
            BinaryAnswers.WriteError(request, BinaryStatus.NotFound, output);
        }
    }

    // As memcached has it: all prefixes are one value, which has the name "detailed".
    private void Detail(in BinaryRequest request, ReadOnlySpan<byte> word, OutputBuffer output)
    {
        if (word.StartsWith("dump"u8))
        {
            string lines = string.Concat(gateway.Prefixes.Read()) + "END\r\n";
            BinaryAnswers.WriteStatistics(request, [("detailed", lines)], output);
        }
        else if (StatsCommands.TrySwitch(gateway.Prefixes, word))
        {
            BinaryAnswers.WriteDone(request, default, output);
        }
        else
        {
            BinaryAnswers.WriteError(request, BinaryStatus.NotFound, output);
        }
    }

    // Once more, by a client that is authenticated. Who is not who he says then is nobody; memcached lets him try again.
    private SessionStatus Authenticate(
        in BinaryRequest request, ReadOnlySpan<byte> input, OutputBuffer output, ref int used)
    {
        if (_sasl is null)
        {
            counters.ProtocolErrors++;
            BinaryAnswers.WriteError(request, BinaryStatus.UnknownCommand, output);
            pending.SwallowBytes = request.ValueLength;
            return SessionStatus.Continue;
        }

        if (!BinaryParser.TryReadValue(input, request, ref used, out ReadOnlySpan<byte> message))
        {
            return SessionStatus.NeedInput;
        }

        pending.IsClosing = _sasl.Answer(request, message, output) == BinaryStatus.AuthenticationFailure;
        return SessionStatus.Continue;
    }
}
