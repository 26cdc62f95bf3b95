using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Granary.Memcached.Server;
using Microsoft.Extensions.Logging;

namespace Granary.Memcached.Sockets;

// TLS needs SslStream, which awaits the bytes of a stream; so its connections are served by tasks on the thread pool.

/// <summary>Serves connections with .NET's own sockets: those of TLS, and all where there is no epoll.</summary>
/// <remarks>The lock is outside those of cancellation tokens, whose callbacks run without it.</remarks>
internal sealed class SocketLoop : IConnectionLoop
{
    private readonly GatewayState _gateway;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closingIdle = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly HashSet<StreamConnection> _conversations = [];
    private int _connections;
    private volatile bool _isDraining;

    public SocketLoop(GatewayState gateway, bool isTls, ILogger logger)
    {
        _gateway = gateway;
        _logger = logger;
        IsTls = isTls;
        ClosingIdle = _closingIdle.Token;
        Stopping = _stopping.Token;
    }

    /// <inheritdoc/>
    public bool IsTls { get; }

    /// <summary>Whether a connection ends with its next answer.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Ends connections that are in the middle of nothing.</summary>
    public CancellationToken ClosingIdle { get; }

    /// <summary>Ends all connections.</summary>
    public CancellationToken Stopping { get; }

    public void Add(Socket socket)
    {
        lock (_lock)
        {
            _connections++;
        }

        _ = Task.Run(() => ServeAsync(socket));
    }

    /// <inheritdoc/>
    public void LookLater()
    {
        long now = _gateway.Time.GetTimestamp();
        lock (_lock)
        {
            foreach (StreamConnection connection in _conversations)
            {
                connection.Look(now);
            }
        }
    }

    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isDraining = true;
            CheckEnded_NeedsLock();
        }

        await using ITimer idle = _gateway.Time.CreateTimer(
            _ => _closingIdle.Cancel(), null, IConnectionLoop.LastAnswerTime, Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration registration = cancellationToken.Register(Stop);
        await _ended.Task;
    }

    public void Dispose()
    {
        Stop();
        _closingIdle.Dispose();
        _stopping.Dispose();
    }

    private void Stop()
    {
        _closingIdle.Cancel();
        _stopping.Cancel();
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket owned = socket;
        GatewayCounters counters = _gateway.AddCounters();
        try
        {
            await using Stream? stream = await OpenAsync(socket);
            if (stream is not null)
            {
                await ConverseAsync(new StreamConnection(this, socket, stream, _gateway, counters));
            }
        }
        catch (Exception exception) when (exception
            is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            // The client has gone, or the silo goes.
        }
        catch (Exception exception) // the edge: one connection
        {
            _logger.ConnectionFailed(exception);
        }
        finally
        {
            _gateway.RemoveCounters(counters);
            _gateway.Clients.Remove();
            Remove();
        }
    }

    private async Task ConverseAsync(StreamConnection connection)
    {
        lock (_lock)
        {
            _conversations.Add(connection);
        }

        try
        {
            await connection.ServeAsync();
        }
        finally
        {
            lock (_lock)
            {
                _conversations.Remove(connection); // before it is disposed: looks are taken under the lock
            }

            connection.Dispose();
        }
    }

    // The client's stream, or none if it is not to be served.
    private async Task<Stream?> OpenAsync(Socket socket)
    {
        var plain = new NetworkStream(socket);
        if (!IsTls || _gateway.Options.Tls is not { } tls)
        {
            return plain;
        }

        return _gateway.Handshakes.TryBegin() ? await ShakeHandsAsync(plain, tls) : null;
    }

    private async Task<Stream?> ShakeHandsAsync(NetworkStream plain, Func<SslServerAuthenticationOptions> tls)
    {
        var secure = new SslStream(plain);
        bool succeeded = false;
        try
        {
            using var deadline = new Deadline(_gateway.Options.HandshakeTime, _gateway.Time, ClosingIdle);
            await secure.AuthenticateAsServerAsync(GetOptions(tls), deadline.Token);
            succeeded = true;
            return secure;
        }
        catch (Exception exception) when (exception
            is AuthenticationException or IOException or OperationCanceledException)
        {
            _logger.HandshakeFailed(exception.Message);
            return null;
        }
        finally
        {
            _gateway.Handshakes.End(succeeded);
            if (!succeeded)
            {
                await secure.DisposeAsync();
            }
        }
    }

    // A file that it cannot read, say, is no fault of the client's, and is not to look like one.
    private static SslServerAuthenticationOptions GetOptions(Func<SslServerAuthenticationOptions> tls)
    {
        try
        {
            return tls();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException("GatewayOptions.Tls has failed; it must return options.", exception);
        }
    }

    private void Remove()
    {
        lock (_lock)
        {
            _connections--;
            CheckEnded_NeedsLock();
        }
    }

    private void CheckEnded_NeedsLock()
    {
        if (_isDraining && _connections == 0)
        {
            _ended.TrySetResult();
        }
    }
}
