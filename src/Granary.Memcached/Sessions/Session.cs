using System.Buffers;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

// One connection's conversation, without its socket: bytes in, bytes out, never blocking. The caller feeds it what has
// arrived and sends what it has written; whatever it did not consume comes again in front of the next bytes.
//
// Commands on shards of this silo are executed as they are read. From the first operation on that another silo must
// execute, answers are planned (ReplyPlan); when the input is used up, or enough is planned, the session is suspended
// until all have come, and then writes them in order.

/// <summary>The protocol state of one connection. One thread at a time.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>Output at which to stop and send.</summary>
    private const int EnoughOutputBytes = 64 << 10;

    private readonly GatewayState _gateway;
    private readonly GatewayCounters _counters;
    private readonly Action _resume;
    private readonly Retrieval _retrieval;
    private readonly Mutations _mutations;
    private readonly MetaCommands _meta;
    private readonly PlanReplay _replay;
    private readonly ReplyPlan _plan;
    private Authentication? _authentication;
    private ValueUpload? _upload;
    private ValueStream? _stream;
    private Task? _flush;
    private int _swallow;
    private bool _isWaiting;
    private bool _isClosing;
    private bool _flushNoReply;

    /// <param name="gateway">The gateway.</param>
    /// <param name="counters">Those of the thread that runs the session.</param>
    /// <param name="resume">Called by any thread when a suspended session can go on. Never calls back at once.</param>
    public Session(GatewayState gateway, GatewayCounters counters, Action resume)
    {
        _gateway = gateway;
        _counters = counters;
        _resume = resume;
        _plan = new ReplyPlan(gateway, resume);
        _retrieval = new Retrieval(gateway, counters, _plan);
        var answers = new MetaAnswers(gateway.Cache.Store, counters);
        _meta = new MetaCommands(gateway, counters, _plan, answers);
        _mutations = new Mutations(gateway, counters, _plan, _meta);
        _replay = new PlanReplay(gateway, counters, _plan, new MetaReplay(gateway, answers, resume), resume);
        _authentication = gateway.Users is { } users ? new Authentication(users, counters) : null;
    }

    /// <summary>Whether it runs commands: the client has said who it is, or nobody has to.</summary>
    public bool IsAuthenticated => _authentication is null;

    /// <summary>Whether it is in the middle of something, so that closing now would break an answer.</summary>
    public bool IsBusy => _isWaiting || _upload is not null || _stream is not null || _flush is not null
        || _retrieval.IsUnderWay;

    /// <summary>Goes as far as the input allows.</summary>
    /// <param name="input">What was not consumed before, and what has come since.</param>
    /// <param name="output">Answers are added to it.</param>
    /// <param name="consumed">Bytes of the input that are done with.</param>
    public SessionStatus Process(ReadOnlySpan<byte> input, OutputBuffer output, out int consumed)
    {
        bool wasServing = _gateway.Cache.CheckLease();
        long began = _gateway.Cache.Times.Begin(ref _counters.Turns);
        SessionStatus status = _authentication is null
            ? ProcessAll(input, output, out consumed)
            : Authenticate(_authentication, input, output, out consumed);
        if (status != SessionStatus.Suspended && consumed > 0)
        {
            _gateway.Cache.Times.End(began);
        }

        if (wasServing && !_gateway.Cache.CheckLease())
        {
            output.Clear(); // the process was stopped meanwhile: what it has done may not count any more
            return SessionStatus.Close;
        }

        return status;
    }

    // Once for a batch, so that a command does not pay for it.
    private SessionStatus Authenticate(
        Authentication authentication, ReadOnlySpan<byte> input, OutputBuffer output, out int consumed)
    {
        SessionStatus status = authentication.Process(input, output, EnoughOutputBytes, out consumed);
        if (status != SessionStatus.Continue)
        {
            return status;
        }

        _authentication = null;
        status = ProcessAll(input[consumed..], output, out int used);
        consumed += used;
        return status;
    }

    private SessionStatus ProcessAll(ReadOnlySpan<byte> input, OutputBuffer output, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            if (output.Length >= EnoughOutputBytes)
            {
                return SessionStatus.OutputFull;
            }

            SessionStatus status = Step(input[consumed..], output, out int used);
            consumed += used;
            if (status == SessionStatus.NeedInput && !_plan.IsEmpty && !_isWaiting)
            {
                status = SendPlan(); // all that has come is planned
            }

            if (status != SessionStatus.Continue)
            {
                return status;
            }
        }
    }

    /// <summary>Lets go of everything. While other silos still answer, call it again after it has resumed.</summary>
    public void Dispose()
    {
        _upload?.Dispose();
        _upload = null;
        _stream?.Dispose();
        _stream = null;
        if (!_isWaiting || _plan.IsComplete)
        {
            _plan.Dispose();
        }
    }

    private SessionStatus Step(ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
        used = 0;
        if (_stream is not null)
        {
            return PumpStream(output);
        }

        if (_isWaiting)
        {
            return Replay(output);
        }

        if (_flush is not null)
        {
            return EndFlush(output);
        }

        if (_isClosing)
        {
            return SessionStatus.Close;
        }

        if (_swallow > 0)
        {
            used = Math.Min(_swallow, input.Length);
            _swallow -= used;
            return _swallow > 0 ? SessionStatus.NeedInput : SessionStatus.Continue;
        }

        if (_upload is not null)
        {
            return FeedUpload(input, output, out used);
        }

        if (_plan.IsFull)
        {
            return SendPlan();
        }

        return _retrieval.IsUnderWay ? Retrieve(input, output, out used) : ReadCommand(input, output, out used);
    }

    private SessionStatus ReadCommand(ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
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

                _swallow = command.SwallowBytes;
                _isClosing = command.Close;
                return SessionStatus.Continue;

            default:
                return Execute(command, input, answers, output, ref used);
        }
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
                return Flush(command, ref used);

            case Verb.Stats:
                answers.Write(StatsWriter.TryWrite(command.Arguments, _gateway, answers) ? default : Reply.Error);
                return SessionStatus.Continue;

            case Verb.Version:
                answers.Write(ServerVersion.Line);
                return SessionStatus.Continue;

            case Verb.Verbosity:
                answers.Write(command.NoReply ? default : Reply.Ok);
                return SessionStatus.Continue;

            default: // quit: earlier answers are still sent, later commands are not run
                _isClosing = true;
                return _plan.IsEmpty ? SessionStatus.Close : SendPlan();
        }
    }

    private SessionStatus Retrieve(ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
        SessionStatus status = _retrieval.Continue(input, output, EnoughOutputBytes, out used, out ValueStream? stream);
        _stream = stream;
        return status == SessionStatus.Suspended ? SendPlan() : status;
    }

    private SessionStatus ReadMeta(in Command command, ReadOnlySpan<byte> input, OutputBuffer answers, ref int used)
    {
        if (_meta.TryRead(command, input[..used], answers, out _stream))
        {
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
            _swallow = command.ValueLength > int.MaxValue - 2 ? int.MaxValue : command.ValueLength + 2;
            return SessionStatus.Continue;
        }

        if (command.ValueLength > WireLimits.MaxInlineValueBytes)
        {
            if (!_plan.IsEmpty)
            {
                used = 0;
                return SendPlan(); // first what came before
            }

            _upload = new ValueUpload(command, input[..used], _gateway, _resume);
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

    private SessionStatus Flush(in Command command, ref int used)
    {
        if (!_plan.IsEmpty)
        {
            used = 0;
            return SendPlan(); // what came before is not to survive
        }

        _counters.CmdFlush++;
        _flushNoReply = command.NoReply;
        _flush = _gateway.Cache.FlushAsync(Expirations.FlushTime(command.ExpirationSeconds, _gateway.Cache.Store));
        if (!_flush.IsCompleted)
        {
            Resumption.After(_flush, _resume);
        }

        return SessionStatus.Continue;
    }

    private SessionStatus EndFlush(OutputBuffer output)
    {
        if (!_flush!.IsCompleted)
        {
            return SessionStatus.Suspended;
        }

        ReadOnlySpan<byte> answer = _flush.IsCompletedSuccessfully ? Reply.Ok : Outcomes.FailureOf(CacheStatus.Unknown);
        output.Write(_flushNoReply ? default : answer);
        _flush = null;
        return SessionStatus.Continue;
    }

    private SessionStatus SendPlan()
    {
        _isWaiting = true;
        _plan.Send();
        return SessionStatus.Continue;
    }

    private SessionStatus Replay(OutputBuffer output)
    {
        SessionStatus status = _replay.Continue(output, EnoughOutputBytes, out _stream);
        _isWaiting = !_plan.IsEmpty;
        return status;
    }

    private SessionStatus PumpStream(OutputBuffer output)
    {
        SessionStatus status = _stream!.Pump(output);
        if (_stream.IsDone || status == SessionStatus.Close)
        {
            _stream.Dispose();
            _stream = null;
        }

        return status;
    }

    private SessionStatus FeedUpload(ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
        SessionStatus status = _upload!.Feed(input, out used);
        if (status == SessionStatus.Continue)
        {
            _mutations.EndUpload(_upload, output);
            _upload.Dispose();
            _upload = null;
        }

        return status;
    }
}
