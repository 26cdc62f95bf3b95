using System.Net;
using System.Net.Sockets;
using Granary.Cache;
using Granary.Memcached.Sessions;
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
    private readonly GatewayOptions _options;
    private readonly GatewayState _state;
    private readonly ILogger<MemcachedGateway> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private IConnectionLoop[] _loops = [];
    private List<Socket> _listeners = [];
    private Task _accepting = Task.CompletedTask;
    private ITimer? _looking;

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

    /// <summary>What <c>version</c> answers: memcached's number, and Granary's.</summary>
    public static string Version => ServerVersion.Text;

    /// <summary>Where it listens: the real port where any was asked for. Port 0 if it does so at a Unix socket alone.</summary>
    public IPEndPoint EndPoint => (IPEndPoint?)_listeners.Find(IsTcp)?.LocalEndPoint
        ?? new(_options.Address, _options.ListensOnTcp ? _options.Port : 0);

    /// <summary>All addresses that it listens on, the Unix socket's included.</summary>
    public IReadOnlyList<EndPoint> EndPoints => [.. _listeners.Select(static listener => listener.LocalEndPoint!)];

    internal GatewayState State => _state;

    /// <inheritdoc/>
    /// <exception cref="SocketException">The address is not free.</exception>
    /// <exception cref="GranaryException">
    /// <see cref="GatewayOptions.UserFile"/> cannot be read, or <see cref="GatewayOptions.UnixSocket"/> not be made.
    /// </exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _state.Users?.Load();
        CheckAccess();
        _listeners = Listeners.Bind(_options);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _loops = CreateLoops();
        foreach (Socket listener in _listeners)
        {
            listener.Listen(_options.Backlog);
            _state.Connections.Add(listener, session: null);
        }

        _accepting = Task.WhenAll(_listeners.Select(AcceptAsync));
        if (_state.Lifetimes is { } lifetimes)
        {
            _looking = _state.Time.CreateTimer(_ => LookAtConnections(), null, lifetimes.Period, lifetimes.Period);
        }

        _logger.Listening(string.Join(", ", EndPoints), _loops.Length);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _listeners.ForEach(static listener => listener.Dispose()); // and with it the Unix socket's file
        await _accepting;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.DrainTime);
        await Task.WhenAll(_loops.Select(loop => loop.DrainAsync(deadline.Token)));
        _looking?.Dispose();
        _logger.Drained(_state.Clients.Total);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _looking?.Dispose();
        _listeners.ForEach(static listener => listener.Dispose());
        foreach (IConnectionLoop loop in Interlocked.Exchange(ref _loops, [])) // the container disposes it twice: it is two services
        {
            loop.Dispose();
        }

        _stopping.Dispose();
    }

    private static bool IsTcp(Socket listener) => listener.AddressFamily != AddressFamily.Unix;

    // One of TLS if there is TLS; event loops for all who are served without it.
    private IConnectionLoop[] CreateLoops()
    {
        List<IConnectionLoop> loops = [];
        if (_options.Tls is not null && _options.ListensOnTcp)
        {
            loops.Add(new SocketLoop(_state, isTls: true, _logger));
        }

        bool hasPlain = _options.Tls is null || _options.UnixSocket is not null;
        if (hasPlain && OperatingSystem.IsLinux())
        {
            loops.AddRange(Enumerable.Range(0, _options.Threads).Select(number => new EpollLoop(_state, number, _logger)));
        }
        else if (hasPlain)
        {
            loops.Add(new SocketLoop(_state, isTls: false, _logger));
        }

        return [.. loops];
    }

    // Clients of a Unix socket are on this machine: they need no TLS, as in memcached.
    private Task AcceptAsync(Socket listener)
    {
        bool isTls = _options.Tls is not null && IsTcp(listener);
        var acceptor = new Acceptor(_state, listener, [.. _loops.Where(loop => loop.IsTls == isTls)], _logger);
        return acceptor.RunAsync(_stopping.Token);
    }

    private void LookAtConnections()
    {
        foreach (IConnectionLoop loop in _loops)
        {
            loop.LookLater();
        }
    }

    // A name that is wrong would confine nobody.
    private void CheckAccess()
    {
        if (_state.Access.Keys.FirstOrDefault(name => _state.Users?.Has(name) != true) is { } unknown)
        {
            throw new GranaryException(
                $"The memcached user '{unknown}' is to be confined to namespaces, but is not in {_options.UserFile ?? "a user file"}.");
        }
    }
}
