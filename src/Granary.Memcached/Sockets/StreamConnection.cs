using System.Net.Security;
using System.Net.Sockets;
using Granary.Memcached.Server;
using Granary.Memcached.Sessions;

namespace Granary.Memcached.Sockets;

/// <summary>One connection over a stream. Idle it holds no buffer.</summary>
internal sealed class StreamConnection : IDisposable
{
    // What a record of TLS holds.
    private const int ReadBytes = 16 << 10;

    // Of a connection that answers small values; more is given back when it is sent.
    private const int KeptOutputBytes = 4 << 10;

    private readonly SocketLoop _loop;
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly GatewayState _gateway;
    private readonly GatewayCounters _counters;
    private readonly Session _session;
    private readonly OpenConnection _open;
    private readonly HeldBytes _input;
    private readonly OutputBuffer _output = new();
    private readonly SemaphoreSlim _resumed = new(0); // not disposed: another silo may answer when the client has gone
    private readonly CancellationTokenSource _leaving; // waits for the client no longer
    private readonly CancellationTokenSource _closingIdle; // nor if that is only because others do not
    private ConnectionLife _life;
    private volatile bool _isAwaited;
    private volatile bool _hasSpoken;
    private volatile bool _isOld;
    private volatile CloseReason _reason;
    private Deadline? _deadline;
    private Task<int>? _leave; // of a client that watches
    private Task? _told;

    public StreamConnection(
        SocketLoop loop, Socket socket, Stream stream, GatewayState gateway, GatewayCounters counters)
    {
        _loop = loop;
        _socket = socket;
        _stream = stream;
        _gateway = gateway;
        _counters = counters;
        _session = new Session(gateway, counters, () => _resumed.Release());
        _open = gateway.Open(socket, _session);
        _input = new HeldBytes(gateway.Budget);
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(loop.Stopping);
        _closingIdle = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token, loop.ClosingIdle);
        _life = gateway.Lifetimes?.Begin() ?? default;
        _deadline = _session.IsAuthenticated
            ? null
            : new Deadline(gateway.Options.AuthenticationTime, gateway.Time, loop.ClosingIdle);
    }

    // Whether nothing is under way, so that closing it breaks no answer.
    private bool IsIdle => _input.IsEmpty && !_session.IsBusy;

    // What ends any waiting for the client.
    private CancellationToken Ending => _deadline?.Token ?? _loop.Stopping;

    /// <summary>Serves it to its end.</summary>
    /// <exception cref="IOException">The client has gone.</exception>
    /// <exception cref="OperationCanceledException">The silo goes.</exception>
    public async Task ServeAsync()
    {
        try
        {
            await EndAsync(isAnswered: await ConverseAsync());
        }
        catch (OperationCanceledException) when (_deadline is { IsOver: true })
        {
            _gateway.AddAuthenticationTimeout();
        }
        catch (IOException)
        {
            _reason = CloseReason.Error;
            throw;
        }
    }

    /// <summary>
    /// Closes it if it has said nothing for too long, and ends it if it is too old. Under the loop's lock, and by whatever
    /// thread: what has come meanwhile is still answered.
    /// </summary>
    /// <param name="now">A timestamp.</param>
    public void Look(long now)
    {
        if (_leaving.IsCancellationRequested)
        {
            return;
        }

        if (_hasSpoken)
        {
            _hasSpoken = false;
            _life.Hear();
        }

        bool isAwaited = _isAwaited;
        LifeStage stage = _gateway.Look(ref _life, now, isAwaited);
        _isOld = _life.IsOld;
        if (stage == LifeStage.Idle || (stage == LifeStage.Overdue && isAwaited))
        {
            _reason = stage == LifeStage.Idle ? CloseReason.Idle : CloseReason.Normal;
            _ = _leaving.CancelAsync(); // its callbacks not here: the loop's lock is held
        }
    }

    public void Dispose()
    {
        _closingIdle.Dispose();
        _leaving.Dispose();
        _deadline?.Dispose();
        _session.Dispose();
        _input.Dispose();
        _gateway.Close(_open, _reason);
    }

    // Returns whether it ends because a drain's last answer was given.
    private async Task<bool> ConverseAsync()
    {
        while (true)
        {
            SessionStatus status = _session.Process(_input.Span, _output, out int consumed);
            _input.Remove(consumed);
            if (_deadline is not null && _session.IsAuthenticated)
            {
                _deadline.Dispose();
                _deadline = null;
            }

            bool hasAnswers = _output.Length > 0;
            if ((hasAnswers && !await TrySendAsync()) || status == SessionStatus.Close)
            {
                return false;
            }

            if (status == SessionStatus.Suspended)
            {
                await _resumed.WaitAsync(_loop.Stopping);
            }
            else if (status == SessionStatus.Yielded)
            {
                _counters.Yields++;
                await Task.Yield();
            }
            else if (status == SessionStatus.NeedInput)
            {
                if (hasAnswers && (_loop.IsDraining || _isOld) && IsIdle)
                {
                    return true;
                }

                if (!await (_session.IsWatching ? TryWatchAsync() : TryReceiveAsync()))
                {
                    return false;
                }
            }
        }
    }

    // Waits until there is something to tell, or the client says something, be it that it goes.
    private async Task<bool> TryWatchAsync()
    {
        _leave ??= _stream.ReadAsync(Memory<byte>.Empty, _closingIdle.Token).AsTask();
        _told ??= _resumed.WaitAsync(_loop.Stopping);
        if (await Task.WhenAny(_leave, _told) == _told)
        {
            _told = null;
            return !_loop.Stopping.IsCancellationRequested;
        }

        _leave = null;
        return await TryReceiveAsync();
    }

    // Returns false past the budget: too many clients do not read what they have asked for.
    private async Task<bool> TrySendAsync()
    {
        int length = _output.Length;
        if (!_gateway.Budget.TryTake(length))
        {
            return false;
        }

        try
        {
            await _stream.WriteAsync(_output.WrittenMemory, Ending);
        }
        finally
        {
            _gateway.Budget.Return(length);
        }

        _counters.BytesWritten += length;
        _output.Clear();
        _output.TrimTo(KeptOutputBytes);
        return true;
    }

    // Returns false at the end of the input, when an idle connection is to be closed, or past the budget.
    private async Task<bool> TryReceiveAsync()
    {
        try
        {
            // Nothing is read yet, so that no buffer waits with it.
            _isAwaited = _deadline is null;
            CancellationToken enough = _deadline is not null ? Ending : IsIdle ? _closingIdle.Token : _leaving.Token;
            _ = await _stream.ReadAsync(Memory<byte>.Empty, enough);
        }
        catch (OperationCanceledException)
            when (_deadline is not { IsOver: true } && !_loop.Stopping.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _isAwaited = false;
        }

        if (!_input.TryReserve(Math.Clamp(_input.Length, ReadBytes, EpollLoop.BufferBytes), out Memory<byte> room))
        {
            return false;
        }

        int received = await _stream.ReadAsync(room, Ending);
        _input.Added(received);
        _counters.BytesRead += received;
        _hasSpoken = true;
        return received > 0;
    }

    private async Task EndAsync(bool isAnswered)
    {
        if (_stream is SslStream secure)
        {
            await secure.ShutdownAsync().WaitAsync(Ending);
        }

        if (!isAnswered)
        {
            return;
        }

        using Deadline? enough = _isOld ? new Deadline(Lifetimes.LastAnswerTime, _gateway.Time, _loop.Stopping) : null;
        // What comes nevertheless is read: unread, the kernel would reset the connection, and with it answers that the
        // client has not read.
        _socket.Shutdown(SocketShutdown.Send);
        byte[] unread = new byte[256];
        while (await _socket.ReceiveAsync(unread, SocketFlags.None, enough?.Token ?? _loop.Stopping) > 0)
        {
        }
    }
}
