using System.Net;
using System.Net.Sockets;
using Granary.Cache;
using Granary.Memcached.Protocol;
using Granary.Memcached.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Memcached.Server;

/// <summary>
/// The memcached port: takes its address before anything else starts, accepts when the silo is up, and drains before
/// anything else stops.
/// </summary>
public sealed class MemcachedGateway : IHostedLifecycleService, IDisposable
{
    private const int Backlog = 1024; // memcached's -b

    private readonly GatewayOptions _options;
    private readonly GatewayState _state;
    private readonly ILogger<MemcachedGateway> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private IConnectionLoop[] _loops = [];
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Creates the gateway; the silo's container does.</summary>
    public MemcachedGateway(
        LocalCache cache, IOptions<GatewayOptions> options, TimeProvider time, ILogger<MemcachedGateway> logger)
    {
        _options = options.Value;
        _logger = logger;
        _state = new GatewayState(cache, _options, time)
        {
            Users = _options.UserFile is { } path ? new UserFile(path, time, logger) : null,
        };
    }

    /// <summary>Where it listens: the real port where any was asked for.</summary>
    public IPEndPoint EndPoint => (IPEndPoint?)_listener?.LocalEndPoint ?? new(_options.Address, _options.Port);

    internal GatewayState State => _state;

    /// <inheritdoc/>
    /// <exception cref="SocketException">The address is not free.</exception>
    /// <exception cref="GranaryException"><see cref="GatewayOptions.UserFile"/> cannot be read.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _state.Users?.Load();
        _listener = new Socket(_options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(_options.Address, _options.Port));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _loops = CreateLoops();
        _listener!.Listen(Backlog);
        _accepting = AcceptAsync();
        _logger.Listening(EndPoint, _loops.Length);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.DrainTime);
        await Task.WhenAll(_loops.Select(loop => loop.DrainAsync(deadline.Token)));
        _logger.Drained(_state.TotalConnections);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener?.Dispose();
        foreach (IConnectionLoop loop in Interlocked.Exchange(ref _loops, [])) // the container disposes it twice: it is two services
        {
            loop.Dispose();
        }

        _stopping.Dispose();
    }

    private IConnectionLoop[] CreateLoops() => _options.Tls is null && OperatingSystem.IsLinux()
        ? [.. Enumerable.Range(0, _options.Threads).Select(number => new EpollLoop(_state, number, _logger))]
        : [new SocketLoop(_state, _logger)];

    private async Task AcceptAsync()
    {
        for (int next = 0; !_stopping.IsCancellationRequested; next = (next + 1) % _loops.Length)
        {
            try
            {
                Serve(await _listener!.AcceptAsync(_stopping.Token), _loops[next]);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // The client went before it was served, or there are no descriptors left; both pass.
                _logger.AcceptFailed(exception);
                await Task.Delay(TimeSpan.FromMilliseconds(10), _state.Time);
            }
        }
    }

    private void Serve(Socket socket, IConnectionLoop loop)
    {
        socket.NoDelay = true;
        if (_state.TryAddConnection())
        {
            loop.Add(socket);
            return;
        }

        using (socket)
        {
            if (_options.Tls is null) // a client of TLS could not read it
            {
                socket.Send(Reply.TooManyConnections, SocketFlags.None, out _);
            }
        }
    }
}
