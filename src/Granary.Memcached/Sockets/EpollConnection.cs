using System.Net.Sockets;
using System.Runtime.InteropServices;
using Granary.Memcached.Server;
using Granary.Memcached.Sessions;

namespace Granary.Memcached.Sockets;

/// <summary>
/// One connection of an epoll loop. Edge-triggered: an event is remembered until a read or write has met the end of what
/// the kernel has. Only the loop's thread touches it, but for <see cref="Resume"/>.
/// </summary>
internal sealed unsafe class EpollConnection : IDisposable
{
    // Turns before others get theirs.
    private const int MaxTurns = 16;

    private readonly EpollLoop _loop;
    private readonly GatewayState _gateway;
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly Session _session;
    private readonly OpenConnection _open;
    private readonly HeldBytes _input;
    private readonly HeldBytes _unsent;
    private ITimer? _deadline;
    private ConnectionLife _life;
    private volatile bool _isOverdue;
    private bool _isReadable;
    private bool _hasHungUp;
    private bool _needsInput = true;
    private bool _isSuspended;
    private bool _isInputEnded;
    private bool _closesAfterSending;
    private bool _isLastAnswer;
    private bool _isShutDown;

    public EpollConnection(EpollLoop loop, Socket socket, GatewayState gateway, long id)
    {
        Id = id;
        _loop = loop;
        _gateway = gateway;
        _socket = socket;
        _descriptor = (int)socket.Handle;
        _session = new Session(gateway, loop.Counters, Resume);
        _open = gateway.Open(socket, _session);
        _input = new HeldBytes(gateway.Budget);
        _unsent = new HeldBytes(gateway.Budget);
        _life = gateway.Lifetimes?.Begin() ?? default;
        _deadline = _session.IsAuthenticated ? null : gateway.Time.CreateTimer(
            static connection => ((EpollConnection)connection!).Expire(),
            this,
            gateway.Options.AuthenticationTime,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Names it in the loop; never used again, as a descriptor is.</summary>
    public long Id { get; }

    /// <summary>Where the loop's round has it.</summary>
    public int Place { get; set; }

    public int Descriptor => _descriptor;

    public bool IsClosed { get; private set; }

    /// <summary>Whether nothing is under way, so that closing it breaks no answer.</summary>
    public bool IsIdle => _unsent.IsEmpty && _input.IsEmpty && !_isReadable && !_session.IsBusy;

    /// <summary>What the kernel said.</summary>
    public void OnEvents(uint events)
    {
        if ((events & Libc.EpollError) != 0)
        {
            Close(CloseReason.Error);
            return;
        }

        _hasHungUp |= (events & (Libc.EpollReadHangUp | Libc.EpollHangUp)) != 0;
        _isReadable |= _hasHungUp || (events & Libc.EpollIn) != 0;
        Run();
    }

    /// <summary>The session can go on: on the loop's thread.</summary>
    public void OnResumed()
    {
        if (_isOverdue) // of the deadline: whoever has not authenticated waits for no other silo
        {
            _isOverdue = false;
            CloseUnauthenticated();
            return;
        }

        _isSuspended = false;
        if (IsClosed)
        {
            _session.Dispose(); // what other silos answered after the client had gone
        }

        Run();
    }

    /// <summary>Closes it if it has said nothing for too long, and ends it if it is too old.</summary>
    /// <param name="now">A timestamp.</param>
    public void Look(long now)
    {
        bool isAwaited = _unsent.IsEmpty && !_isReadable && !_isSuspended && _needsInput && !_session.IsWatching;
        LifeStage stage = _gateway.Look(ref _life, now, isAwaited);
        if (stage == LifeStage.Idle || (stage == LifeStage.Overdue && (IsIdle || _isShutDown)))
        {
            Close(stage == LifeStage.Idle ? CloseReason.Idle : CloseReason.Normal);
        }
    }

    /// <summary>Reads, executes and answers until there is nothing more to do now.</summary>
    public void Run()
    {
        try
        {
            RunTurns();
        }
        catch (Exception exception) // the edge: one connection
        {
            _loop.Report(exception);
            Close(CloseReason.Error);
        }
    }

    public void Dispose() => Close(CloseReason.Normal);

    private void Close(CloseReason reason)
    {
        if (!IsClosed)
        {
            IsClosed = true;
            _deadline?.Dispose();
            _session.Dispose();
            _input.Dispose();
            _unsent.Dispose();
            _gateway.Close(_open, reason);
            _socket.Dispose();
            _loop.Remove(this);
        }
    }

    private void RunTurns()
    {
        for (int turn = 0; turn < MaxTurns; turn++)
        {
            if (IsClosed || !TryFlush() || _isSuspended)
            {
                return;
            }

            if (_isLastAnswer)
            {
                ShutDown();
                return;
            }

            if (_closesAfterSending)
            {
                Dispose();
                return;
            }

            if (!TryTurn())
            {
                return;
            }
        }

        _loop.RunLater(this);
    }

    // The end of the connection leaves in the packet of the last answer, so that a client that has the answer knows before
    // it sends the next command. What comes nevertheless is read: unread, the kernel would reset the connection, and with
    // it answers that the client has not read.
    private void ShutDown()
    {
        if (!_isShutDown)
        {
            _isShutDown = true;
            _socket.Shutdown(SocketShutdown.Send);
        }

        while (_isReadable && !IsClosed && !_isInputEnded)
        {
            Read(_loop.Input);
        }

        if (_isInputEnded)
        {
            Dispose();
        }
    }

    // Called by any thread.
    private void Resume() => _loop.ResumeLater(this);

    // Called by any thread.
    private void Expire()
    {
        _isOverdue = true;
        _loop.ResumeLater(this);
    }

    private void CloseUnauthenticated()
    {
        if (!IsClosed && !_session.IsAuthenticated)
        {
            _gateway.AddAuthenticationTimeout();
            Dispose();
        }
    }

    // One read and what follows from it. Returns whether there may be more to do.
    private bool TryTurn()
    {
        ReadOnlySpan<byte> input = Receive(out bool isHeld);
        if (IsClosed)
        {
            return false;
        }

        SessionStatus status = _session.Process(input, _loop.Output, out int consumed);
        if (!TryKeep(input, consumed, isHeld))
        {
            _loop.Output.Clear(); // shared: the next connection would send it
            Close(CloseReason.Error); // past the budget
            return false;
        }

        if (_deadline is not null && _session.IsAuthenticated)
        {
            _deadline.Dispose();
            _deadline = null;
        }

        _needsInput = status == SessionStatus.NeedInput;
        switch (status)
        {
            case SessionStatus.Suspended:
                _isSuspended = true;
                break;
            case SessionStatus.Close:
            case SessionStatus.NeedInput when _isInputEnded:
                _closesAfterSending = true;
                break;
            case SessionStatus.NeedInput when (_loop.IsDraining || _life.IsOld) && _loop.Output.Length > 0 && IsIdle:
                _isLastAnswer = true;
                break;
            default:
                break;
        }

        bool sent = Send();
        if (status == SessionStatus.Yielded && sent)
        {
            _loop.Counters.Yields++;
            _loop.RunLater(this);
            return false;
        }

        return sent && (status != SessionStatus.NeedInput || _isReadable || _closesAfterSending || _isLastAnswer);
    }

    // What was held, and behind it what the kernel has. Nothing new while the session still works on the old.
    private ReadOnlySpan<byte> Receive(out bool isHeld)
    {
        isHeld = !_input.IsEmpty;
        if (!_isReadable || _isInputEnded || !_needsInput)
        {
            return _input.Span;
        }

        Span<byte> target = _loop.Input;
        if (isHeld)
        {
            if (!_input.TryReserve(Math.Max(EpollLoop.SmallReadBytes, Math.Min(_input.Length, EpollLoop.BufferBytes)), out Memory<byte> room))
            {
                Close(CloseReason.Error);
                return default;
            }

            target = room.Span;
        }

        int received = Read(target);
        if (!isHeld)
        {
            return target[..received];
        }

        _input.Added(received);
        return _input.Span;
    }

    private int Read(Span<byte> target)
    {
        fixed (byte* pointer = target)
        {
            nint received = Libc.Receive(_descriptor, pointer, target.Length, 0);
            if (received > 0)
            {
                _isReadable = received == target.Length || _hasHungUp; // no event follows a hang-up
                _loop.Counters.BytesRead += received;
                _life.Hear();
                return (int)received;
            }

            if (received == 0)
            {
                _isInputEnded = true;
                _isReadable = false;
                return 0;
            }

            int error = Marshal.GetLastPInvokeError();
            _isReadable = error == Libc.Interrupted;
            if (error is not (Libc.Again or Libc.Interrupted))
            {
                Close(CloseReason.Error);
            }

            return 0;
        }
    }

    private bool TryKeep(ReadOnlySpan<byte> input, int consumed, bool isHeld)
    {
        if (isHeld)
        {
            _input.Remove(consumed);
            return true;
        }

        return consumed == input.Length || _input.TryAdd(input[consumed..]);
    }

    // Sends the loop's output, and keeps what the kernel does not take. Returns whether all was sent.
    private bool Send()
    {
        OutputBuffer output = _loop.Output;
        int sent = output.Length == 0 ? 0 : Write(output.Written);
        if (!IsClosed && sent < output.Length && !_unsent.TryAdd(output.Written[sent..]))
        {
            Close(CloseReason.Error); // a client that does not read, past the budget
        }

        output.Clear();
        return !IsClosed && _unsent.IsEmpty;
    }

    private bool TryFlush()
    {
        if (!_unsent.IsEmpty)
        {
            _unsent.Remove(Write(_unsent.Span));
        }

        return !IsClosed && _unsent.IsEmpty;
    }

    private int Write(ReadOnlySpan<byte> bytes)
    {
        int total = 0;
        int flags = _isLastAnswer ? Libc.NoSignal | Libc.MoreFollows : Libc.NoSignal;
        fixed (byte* pointer = bytes)
        {
            while (total < bytes.Length)
            {
                nint sent = Libc.Send(_descriptor, pointer + total, bytes.Length - total, flags);
                if (sent < 0)
                {
                    int error = Marshal.GetLastPInvokeError();
                    if (error == Libc.Interrupted)
                    {
                        continue;
                    }

                    if (error != Libc.Again)
                    {
                        Close(CloseReason.Error);
                    }

                    break;
                }

                total += (int)sent;
            }
        }

        _loop.Counters.BytesWritten += total;
        return total;
    }
}
