using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Sessions.Binary;

namespace Granary.Memcached.Sessions;

// One connection's conversation, without its socket: bytes in, bytes out, never blocking. The caller feeds it what has
// arrived and sends what it has written; whatever it did not consume comes again in front of the next bytes.
//
// The first byte of a connection says which protocol it speaks: 0x80 the binary one, all others text.
//
// Commands on shards of this silo are executed as they are read. From the first operation on that another silo must
// execute, answers are planned (ReplyPlan); when the input is used up, or enough is planned, the session is suspended
// until all have come, and then writes them in order.

/// <summary>The protocol state of one connection. One thread at a time.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>Output at which to stop and send.</summary>
    public const int EnoughOutputBytes = 64 << 10;

    private readonly GatewayState _gateway;
    private readonly GatewayCounters _counters;
    private readonly Action _resume;
    private readonly CommandLog _log;
    private readonly ReplyPlan _plan;
    private readonly PendingWork _pending;
    private readonly Caller _caller;
    private ICommands _commands;
    private PlanReplay _replay;
    private IAuthentication? _authentication;
    private long _lastTurn;
    private bool _isStarted;
    private bool _isOpening = true; // until the protocol is known and the client has authenticated

    /// <param name="gateway">The gateway.</param>
    /// <param name="counters">Those of the thread that runs the session.</param>
    /// <param name="resume">Called by any thread when a suspended session can go on. Never calls back at once.</param>
    public Session(GatewayState gateway, GatewayCounters counters, Action resume)
    {
        _gateway = gateway;
        _counters = counters;
        _resume = resume;
        _log = new CommandLog(gateway);
        _plan = new ReplyPlan(gateway, resume);
        _pending = new PendingWork(gateway, counters, resume);
        _caller = new Caller(gateway);
        var answers = new MetaAnswers(gateway.Cache.Store, counters, _log);
        var metaReplay = new MetaReplay(gateway, _caller, answers, resume);
        _commands = new TextCommands(gateway, counters, _log, _plan, _pending, _caller, answers, resume);
        _replay = new PlanReplay(gateway, counters, _log, _plan, metaReplay, resume);
        _authentication = gateway.Users is { } users ? new Authentication(users, _caller, counters) : null;
    }

    /// <summary>Whether it runs commands: the client has said who it is, or nobody has to.</summary>
    public bool IsAuthenticated => _authentication is null;

    /// <summary>Whether it is in the middle of something, so that closing now would break an answer.</summary>
    public bool IsBusy => _plan.IsSent || !_plan.IsEmpty || _pending.IsBusy || _commands.IsUnderWay;

    /// <summary>The connection's, for those who watch.</summary>
    public int Descriptor
    {
        get => _log.Descriptor;
        set => _log.Descriptor = value;
    }

    /// <summary>Whether its client watches: it is told of events, and all that it says is that it goes.</summary>
    public bool IsWatching => _pending.Watcher is not null;

    /// <summary>When it was last called: a timestamp. 0 before.</summary>
    public long LastTurn => Volatile.Read(ref _lastTurn);

    /// <summary>What it does, in memcached's words. For any thread, and perhaps over by the time that it is told.</summary>
    public string State => !_isStarted ? "conn_new_cmd" : _pending.State ?? (_plan.IsSent ? "conn_io_queue" : "conn_read");

    /// <summary>Goes as far as the input allows.</summary>
    /// <param name="input">What was not consumed before, and what has come since.</param>
    /// <param name="output">Answers are added to it.</param>
    /// <param name="consumed">Bytes of the input that are done with.</param>
    public SessionStatus Process(ReadOnlySpan<byte> input, OutputBuffer output, out int consumed)
    {
        bool wasServing = _gateway.Cache.CheckLease(out _lastTurn);
        long began = _gateway.Cache.Times.Begin(ref _counters.Turns);
        SessionStatus status = _isOpening
            ? Open(input, output, out consumed)
            : ProcessAll(input, output, out consumed);
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

    /// <summary>Lets go of everything. While other silos still answer, call it again after it has resumed.</summary>
    public void Dispose()
    {
        _pending.Dispose();
        if (!_plan.IsSent || _plan.IsComplete)
        {
            _plan.Dispose();
        }
    }

    // Once for a batch, so that a command does not pay for it.
    private SessionStatus Open(ReadOnlySpan<byte> input, OutputBuffer output, out int consumed)
    {
        consumed = 0;
        if (input.IsEmpty)
        {
            return SessionStatus.NeedInput;
        }

        if (!_isStarted && IsBinary(input[0]))
        {
            SpeakBinary();
        }

        _isStarted = true;
        SessionStatus status = _authentication is null
            ? SessionStatus.Continue
            : _authentication.Process(input, output, EnoughOutputBytes, out consumed);
        if (status == SessionStatus.Continue)
        {
            _authentication = null;
            _isOpening = false;
            status = ProcessAll(input[consumed..], output, out int used);
            consumed += used;
        }

        return status;
    }

    private bool IsBinary(byte first) => _gateway.Options.Protocols switch
    {
        ServedProtocols.Any => first == BinaryHeader.RequestMagic,
        ServedProtocols.Binary => true,
        _ => false,
    };

    private void SpeakBinary()
    {
        var answers = new BinaryAnswers(_gateway.Cache.Store.Options.MaxValueBytes, _counters, _log);
        _commands = new BinaryCommands(_gateway, _counters, _plan, _pending, _caller, answers, _resume);
        _replay = new PlanReplay(_gateway, _counters, _log, _plan, new BinaryReplay(_gateway, answers, _resume), _resume);
        _authentication = _gateway.Users is { } users ? new BinaryAuthentication(users, _caller, _counters) : null;
    }

    private SessionStatus ProcessAll(ReadOnlySpan<byte> input, OutputBuffer output, out int consumed)
    {
        consumed = 0;
        int left = _gateway.Options.MaxRequestsPerTurn; // 0, and then negative: no bound
        while (true)
        {
            if (output.Length >= EnoughOutputBytes)
            {
                return SessionStatus.OutputFull;
            }

            SessionStatus status = Step(input[consumed..], output, out int used);
            consumed += used;
            if (status == SessionStatus.NeedInput && !_plan.IsEmpty && !_plan.IsSent)
            {
                status = SendPlan(); // all that has come is planned
            }

            if (status != SessionStatus.Continue)
            {
                return status;
            }

            if (--left == 0)
            {
                return SessionStatus.Yielded;
            }
        }
    }

    private SessionStatus Step(ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
        used = 0;
        if (_pending.Watcher is not null)
        {
            used = input.Length;
            return _pending.Watcher.TryTake(output, EnoughOutputBytes) ? SessionStatus.Continue : SessionStatus.NeedInput;
        }

        if (_pending.Stream is not null)
        {
            return PumpStream(_pending.Stream, output);
        }

        if (_plan.IsSent)
        {
            return Replay(output);
        }

        if (_pending.Dump is not null)
        {
            return WriteDump(_pending.Dump, output);
        }

        if (_pending.Flush is not null)
        {
            return EndFlush(_pending.Flush, output);
        }

        if (_pending.IsClosing)
        {
            return _plan.IsEmpty ? SessionStatus.Close : SendPlan(); // earlier answers are still sent
        }

        if (_pending.SwallowBytes > 0)
        {
            used = (int)Math.Min(_pending.SwallowBytes, input.Length);
            _pending.SwallowBytes -= used;
            return _pending.SwallowBytes > 0 ? SessionStatus.NeedInput : SessionStatus.Continue;
        }

        if (_pending.Upload is not null)
        {
            return FeedUpload(_pending.Upload, input, output, out used);
        }

        return _plan.IsFull ? SendPlan() : _commands.Read(input, output, out used);
    }

    private SessionStatus SendPlan()
    {
        _plan.Send();
        return SessionStatus.Continue;
    }

    private SessionStatus Replay(OutputBuffer output)
    {
        SessionStatus status = _replay.Continue(output, EnoughOutputBytes, out ValueStream? stream);
        _pending.Stream = stream;
        return status;
    }

    private SessionStatus PumpStream(ValueStream stream, OutputBuffer output)
    {
        SessionStatus status = stream.Pump(output);
        if (stream.IsDone || status == SessionStatus.Close)
        {
            _pending.EndStream();
        }

        return status;
    }

    private SessionStatus WriteDump(ILongAnswer dump, OutputBuffer output)
    {
        dump.Write(output, EnoughOutputBytes);
        _pending.Dump = dump.IsDone ? null : dump;
        return SessionStatus.Continue;
    }

    private SessionStatus EndFlush(Task flush, OutputBuffer output)
    {
        if (!flush.IsCompleted)
        {
            return SessionStatus.Suspended;
        }

        _pending.Flush = null;
        _commands.EndFlush(flush.IsCompletedSuccessfully, output);
        return SessionStatus.Continue;
    }

    private SessionStatus FeedUpload(ValueUpload upload, ReadOnlySpan<byte> input, OutputBuffer output, out int used)
    {
        SessionStatus status = upload.Feed(input, out used);
        if (status == SessionStatus.Continue)
        {
            _commands.EndUpload(upload, output);
            _pending.EndUpload();
        }

        return status;
    }
}
