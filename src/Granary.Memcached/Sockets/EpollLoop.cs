using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Granary.Memcached.Server;
using Granary.Memcached.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Granary.Memcached.Sockets;

// A thread of our own around epoll: one read and one write per batch of commands, no thread hop, and nothing else in the
// process can stand in its way, as blocking code could on the thread pool. All connections of a loop share one input and
// one output buffer; a connection holds memory of its own only for what is unfinished. Measured against the socket layers
// of .NET in docs/decisions/0002.

/// <summary>An event loop on Linux.</summary>
internal sealed class EpollLoop : IConnectionLoop
{
    /// <summary>The shared input buffer. Bytes.</summary>
    public const int BufferBytes = 64 << 10;

    /// <summary>Room for reading behind held bytes. Bytes.</summary>
    public const int SmallReadBytes = 4 << 10;

    private const int MaxEvents = 256;
    private const long WakeUp = -1;
    private const int DrainPollMilliseconds = 50;

    private readonly GatewayState _gateway;
    private readonly ILogger _logger;
    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly Dictionary<long, EpollConnection> _connections = [];
    private readonly ConcurrentQueue<Socket> _arrived = new();
    private readonly ConcurrentQueue<EpollConnection> _resumed = new();
    private readonly List<EpollConnection> _runnable = [];
    private readonly ConnectionRound _round = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private long _lastId;
    private int _wakePending;
    private volatile bool _isDraining;
    private long _drainingSince;
    private volatile bool _isStopping;
    private int _lookPending;

    public EpollLoop(GatewayState gateway, int number, ILogger logger)
    {
        _gateway = gateway;
        _logger = logger;
        Counters = gateway.AddCounters();
        _epoll = Check(Libc.EpollCreate(Libc.CloseOnExec));
        _wake = Check(Libc.EventDescriptor(0, Libc.CloseOnExec | Libc.NonBlocking));
        Register((int)_wake.DangerousGetHandle(), Libc.EpollIn | Libc.EpollEdgeTriggered, WakeUp);
        new Thread(Run) { Name = $"memcached {number}", IsBackground = true }.Start();
    }

    /// <inheritdoc/>
    public bool IsTls => false;

    public GatewayCounters Counters { get; }

    public OutputBuffer Output { get; } = new();

    public bool IsDraining => _isDraining;

    public Span<byte> Input => _input;

    public void Add(Socket socket)
    {
        socket.Blocking = false;
        _arrived.Enqueue(socket);
        Wake();
    }

    /// <inheritdoc/>
    public void LookLater()
    {
        Volatile.Write(ref _lookPending, 1);
        Wake();
    }

    /// <summary>Calls a connection's <see cref="EpollConnection.OnResumed"/> on the loop's thread.</summary>
    public void ResumeLater(EpollConnection connection)
    {
        _resumed.Enqueue(connection);
        Wake();
    }

    /// <summary>Runs a connection again after the others have had their turn. The loop's thread only.</summary>
    public void RunLater(EpollConnection connection) => _runnable.Add(connection);

    /// <summary>A bug has met one connection, which is closed; the others go on.</summary>
    public void Report(Exception exception)
    {
        Output.Clear();
        _logger.ConnectionFailed(exception);
    }

    public void Remove(EpollConnection connection)
    {
        _connections.Remove(connection.Id);
        _round.Remove(connection);
        _gateway.Clients.Remove();
    }

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _drainingSince = _gateway.Time.GetTimestamp();
        _isDraining = true;
        Wake();
        await using CancellationTokenRegistration registration = cancellationToken.Register(Stop);
        await _ended.Task;
    }

    public void Dispose() => Stop();

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    private static SafeFileHandle Check(SafeFileHandle handle) =>
        handle.IsInvalid ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : handle;

    private void Stop()
    {
        _isStopping = true;
        Wake();
    }

    private unsafe void Register(int descriptor, uint events, long data)
    {
        byte* @event = stackalloc byte[EpollEvents.Stride];
        EpollEvents.Set(@event, events, data);
        Check(Libc.EpollControl(_epoll, Libc.EpollAdd, descriptor, @event));
    }

    // One write however many wake it before it looks.
    private unsafe void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) != 0)
        {
            return;
        }

        long one = 1;
        try
        {
            Libc.Write(_wake, (byte*)&one, sizeof(long));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended, and all its connections with it.
        }
    }

    private unsafe void Run()
    {
        byte* events = stackalloc byte[MaxEvents * EpollEvents.Stride];
        bool isLooking = false;
        while (!_isStopping && !(_isDraining && IsDrained()))
        {
            int timeout = isLooking || _runnable.Count > 0 ? 0 : _isDraining ? DrainPollMilliseconds : -1;
            int count = Libc.EpollWait(_epoll, events, MaxEvents, timeout);
            for (int index = 0; index < count; index++)
            {
                byte* @event = events + (index * EpollEvents.Stride);
                Dispatch(EpollEvents.DataOf(@event), EpollEvents.EventsOf(@event));
            }

            RunPosted();
            bool isLookDue = Volatile.Read(ref _lookPending) != 0 && Interlocked.Exchange(ref _lookPending, 0) != 0;
            isLooking = (isLooking || isLookDue) && _round.Continue(isLookDue, _gateway.Time.GetTimestamp());
        }

        foreach (EpollConnection connection in _connections.Values.ToArray())
        {
            connection.Dispose();
        }

        _wake.Dispose();
        _epoll.Dispose();
        _ended.SetResult();
    }

    private unsafe void Dispatch(long id, uint events)
    {
        if (id == WakeUp)
        {
            long value;
            Libc.Read(_wake, (byte*)&value, sizeof(long));
        }
        else if (_connections.TryGetValue(id, out EpollConnection? connection))
        {
            connection.OnEvents(events);
        }
    }

    private void RunPosted()
    {
        Volatile.Write(ref _wakePending, 0);
        while (_arrived.TryDequeue(out Socket? socket))
        {
            var connection = new EpollConnection(this, socket, _gateway, ++_lastId);
            _connections.Add(connection.Id, connection);
            _round.Add(connection);
            Register(
                connection.Descriptor,
                Libc.EpollIn | Libc.EpollOut | Libc.EpollReadHangUp | Libc.EpollEdgeTriggered,
                connection.Id);
        }

        for (int count = _resumed.Count; count > 0 && _resumed.TryDequeue(out EpollConnection? connection); count--)
        {
            connection.OnResumed();
        }

        EpollConnection[] runnable = _runnable.Count == 0 ? [] : [.. _runnable];
        _runnable.Clear();
        foreach (EpollConnection connection in runnable)
        {
            connection.Run();
        }
    }

    private bool IsDrained()
    {
        if (_gateway.Time.GetElapsedTime(_drainingSince) < IConnectionLoop.LastAnswerTime)
        {
            return _connections.Count == 0;
        }

        foreach (EpollConnection connection in _connections.Values.ToArray())
        {
            if (connection.IsIdle)
            {
                connection.Dispose();
            }
        }

        return _connections.Count == 0;
    }
}
