using System.Buffers;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>The commands of a text connection. One thread at a time.</summary>
internal sealed class TextCommands : ICommands
{
    private readonly GatewayState _gateway;
    private readonly GatewayCounters _counters;
    private readonly ReplyPlan _plan;
    private readonly PendingWork _pending;
    private readonly Caller _caller;
    private readonly Action _resume;
    private readonly Retrieval _retrieval;
    private readonly Mutations _mutations;
    private readonly MetaCommands _meta;
    private bool _flushNoReply;

    public TextCommands(
        GatewayState gateway,
        GatewayCounters counters,
        CommandLog log,
        ReplyPlan plan,
        PendingWork pending,
        Caller caller,
        MetaAnswers answers,
        Action resume)
    {
        _gateway = gateway;
        _counters = counters;
        _plan = plan;
        _pending = pending;
        _caller = caller;
        _resume = resume;
        _retrieval = new Retrieval(gateway, counters, log, plan);
        var changes = new OptionedChanges(gateway, counters, plan);
        _meta = new MetaCommands(gateway, counters, log, plan, caller, changes, answers);
        _mutations = new Mutations(gateway, counters, log, plan, changes, _meta);
    }

    /// <inheritdoc/>
    public bool IsUnderWay => _retrieval.IsUnderWay;

    /// <inheritdoc/>
    public SessionStatus Read(ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
        if (_retrieval.IsUnderWay)
        {
            return Retrieve(input, output, out used);
        }

        OutputBuffer answers = _plan.IsEmpty ? output : _plan.Side;
        switch (CommandParser.TryRead(input, out Command command, out used))
        {
            case OperationStatus.NeedMoreData:
                return SessionStatus.NeedInput;

            case OperationStatus.InvalidData:
                _counters.ProtocolErrors++;
                if (!command.NoReply)
                {
                    answers.Write(Reply.For(command.Error));
                }

                _pending.SwallowBytes = command.SwallowBytes;
                _pending.IsClosing = command.Close;
                return SessionStatus.Continue;

            case OperationStatus.Done when _caller.Access is { } access && !TextAccess.Allows(access, command):
                Refuse(command, answers);
                return SessionStatus.Continue;

            default:
                return Execute(command, input, answers, output, ref used);
        }
    }

    /// <inheritdoc/>
    public void EndUpload(ValueUpload upload, OutputBuffer output) => _mutations.EndUpload(upload, output);

    /// <inheritdoc/>
    public void EndFlush(bool isDone, OutputBuffer output)
    {
        ReadOnlySpan<byte> answer = isDone ? Reply.Ok : Outcomes.FailureOf(CacheStatus.Unknown);
        output.Write(_flushNoReply ? default : answer);
    }

    private SessionStatus Execute(
        in Command command, ReadOnlySpan<byte> input, OutputBuffer answers, OutputBuffer output, ref int used)
    {
        switch (command.Verb)
        {
            case Verb.Get or Verb.Gets or Verb.Gat or Verb.Gats:
                if (command.HasOneKey && _retrieval.TryGetOne(command, answers))
                {
                    return SessionStatus.Continue;
                }

                _retrieval.Begin(command, input[..used]);
                used = 0;
                return Retrieve(input, output, out used);

            case Verb.Set or Verb.Add or Verb.Replace or Verb.Append or Verb.Prepend or Verb.Cas or Verb.MetaSet:
                return Store(command, input, answers, ref used);

            case Verb.Incr or Verb.Decr or Verb.Touch or Verb.Delete or Verb.MetaDelete or Verb.MetaArithmetic:
                _mutations.Change(command, input[..used], answers);
                return SessionStatus.Continue;

            case Verb.MetaGet or Verb.MetaDebug:
                return ReadMeta(command, input, answers, ref used);

            case Verb.MetaNoop:
                answers.Write(Reply.MetaNoop);
                return SessionStatus.Continue;

            case Verb.FlushAll:
                return Flush(command, answers, ref used);

            case Verb.Stats or Verb.LruCrawler or Verb.Slabs:
                return Administer(command, ref used, output);

            case Verb.Version:
                answers.Write(ServerVersion.Line);
                return SessionStatus.Continue;

            case Verb.Verbosity:
                answers.Write(command.NoReply ? default : Reply.Ok);
                return SessionStatus.Continue;

            case Verb.CacheMemoryLimit:
                MemoryLimitCommand.Answer(command, _gateway.Cache.Store.Budget, answers);
                return SessionStatus.Continue;

            case Verb.Watch:
                bool isFirst = _plan.IsEmpty && output.Length == 0;
                _pending.Watcher = WatchCommand.Answer(command, isFirst, _gateway, _resume, answers);
                return SessionStatus.Continue;

            default: // quit: later commands are not run
                _pending.IsClosing = true;
                return SessionStatus.Continue;
        }
    }

    private void Refuse(in Command command, OutputBuffer answers)
    {
        answers.Write(command.NoReply ? default : Reply.AccessDenied);
        if (command.Verb is Verb.Set or Verb.Add or Verb.Replace or Verb.Append or Verb.Prepend or Verb.Cas or Verb.MetaSet)
        {
            _pending.SwallowBytes = (long)command.ValueLength + Reply.LineEnd.Length;
        }
    }

    private SessionStatus Retrieve(ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
        SessionStatus status = _retrieval.Continue(
            input, output, Session.EnoughOutputBytes, out used, out ValueStream? stream);
        _pending.Stream = stream;
        return status == SessionStatus.Suspended ? SendPlan() : status;
    }

    private SessionStatus ReadMeta(in Command command, ReadOnlySpan<byte> input, OutputBuffer answers, ref int used)
    {
        if (_meta.TryRead(command, input[..used], answers, out ValueStream? stream))
        {
            _pending.Stream = stream;
            return SessionStatus.Continue;
        }

        used = 0;
        return SendPlan(); // first what came before
    }

    private SessionStatus Store(in Command command, ReadOnlySpan<byte> input, OutputBuffer answers, ref int used)
    {
        if (command.ValueLength > _gateway.Cache.Store.Options.MaxValueBytes)
        {
            _mutations.RefuseTooLarge(command, answers);
            _pending.SwallowBytes = (long)command.ValueLength + Reply.LineEnd.Length;
            return SessionStatus.Continue;
        }

        if (command.ValueLength > WireLimits.MaxInlineValueBytes)
        {
            if (!_plan.IsEmpty)
            {
                used = 0;
                return SendPlan(); // first what came before
            }

            _pending.Upload = ValueUpload.Of(command, input[..used], _gateway, _resume);
            return SessionStatus.Continue;
        }

        if (input.Length - used < command.ValueLength + 2)
        {
            used = 0;
            return SessionStatus.NeedInput;
        }

        _mutations.Store(command, input[..used], input.Slice(used, command.ValueLength + 2), answers);
        used += command.ValueLength + 2;
        return SessionStatus.Continue;
    }

    private SessionStatus Flush(in Command command, OutputBuffer answers, ref int used)
    {
        if (!_gateway.Options.AllowsFlush)
        {
            _counters.CmdFlush++; // as in memcached
            answers.Write(command.NoReply ? default : Reply.FlushNotAllowed);
            return SessionStatus.Continue;
        }

        if (!_plan.IsEmpty)
        {
            used = 0;
            return SendPlan(); // what came before is not to survive
        }

        _flushNoReply = command.NoReply;
        _pending.BeginFlush(command.ExpirationSeconds, _caller.Access);
        return SessionStatus.Continue;
    }

    private SessionStatus Administer(in Command command, ref int used, OutputBuffer output)
    {
        if (!_plan.IsEmpty)
        {
            used = 0;
            return SendPlan(); // what came before counts, and a list of keys may be too long for the plan
        }

        if (command.Verb == Verb.Stats && command.Arguments.SequenceEqual(NamespaceSection.Name))
        {
            StatsCommands.Write(NamespaceSection.Read(_gateway, _caller.Access), output);
            return SessionStatus.Continue;
        }

        if (command.Verb == Verb.Slabs)
        {
            SlabsCommands.Answer(command.Arguments, output);
            return SessionStatus.Continue;
        }

        _pending.Dump = command.Verb == Verb.Stats
            ? StatsCommands.Answer(command.Arguments, _gateway, output)
            : CrawlerCommands.Answer(command.Arguments, _gateway, output);
        return SessionStatus.Continue;
    }

    private SessionStatus SendPlan()
    {
        _plan.Send();
        return SessionStatus.Continue;
    }
}
