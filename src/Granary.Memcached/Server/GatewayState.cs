using System.Net.Sockets;
using System.Text;
using Granary.Cache;
using Granary.Memcached.Sessions;

namespace Granary.Memcached.Server;

/// <summary>What all connections of a gateway share. Thread-safe.</summary>
internal sealed class GatewayState(LocalCache cache, GatewayOptions options, TimeProvider time)
{
    private readonly HashSet<GatewayCounters> _counters = [];
    private readonly GatewayCounters _ended = new();
    private long _authenticationTimeouts;
    private long _idleKicks;
    private long _agedConnections;

    public LocalCache Cache { get; } = cache;

    public GatewayOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public long StartTimestamp { get; } = time.GetTimestamp();

    public BufferBudget Budget { get; } = new(options.MaxBufferedBytes);

    /// <summary>Where the counters that clients see begin.</summary>
    public CounterBaseline Baseline { get; } = new();

    public Handshakes Handshakes { get; } = new(options.MaxHandshakes);

    /// <summary>Users who are confined to namespaces, by name; all others are not.</summary>
    public IReadOnlyDictionary<string, KeyAccess> Access { get; } = options.Access.ToDictionary(
        static user => user.Key, user => new KeyAccess(cache.Store.Namespaces, user.Key, user.Value), StringComparer.Ordinal);

    /// <summary>Who may connect; <see langword="null"/> for everybody.</summary>
    public UserFile? Users { get; init; }

    public ConnectionCount Clients { get; } = new(options.MaxConnections, options.WaitsAtMaxConnections, time);

    /// <summary>The connections that are open.</summary>
    public ConnectionTable Connections { get; } = new();

    /// <summary>The clients that watch.</summary>
    public WatcherList Watchers { get; } = new(cache.Store, time);

    /// <summary>Counts by prefix.</summary>
    public PrefixCounts Prefixes { get; } = new(options.PrefixDelimiter);

    /// <summary>How long connections may live; <see langword="null"/> for as long as they like.</summary>
    public Lifetimes? Lifetimes { get; } = Lifetimes.Of(options, time);

    /// <summary>Connections closed because they said nothing: memcached's <c>idle_kicks</c>.</summary>
    public long IdleKicks => Volatile.Read(ref _idleKicks);

    /// <summary>Connections that have become too old: each ends with its next answer.</summary>
    public long AgedConnections => Volatile.Read(ref _agedConnections);

    /// <summary>Connections closed because they did not authenticate in time.</summary>
    public long AuthenticationTimeouts => Volatile.Read(ref _authenticationTimeouts);

    public void AddAuthenticationTimeout() => Interlocked.Increment(ref _authenticationTimeouts);

    /// <summary>A connection has come.</summary>
    public OpenConnection Open(Socket socket, Session session)
    {
        OpenConnection connection = Connections.Add(socket, session);
        session.Descriptor = connection.Descriptor;
        TellWatchers(connection, "conn_new", reason: "");
        return connection;
    }

    /// <summary>A connection goes: said before its socket is closed.</summary>
    public void Close(OpenConnection connection, CloseReason reason)
    {
        Connections.Remove(connection);
        TellWatchers(connection, "conn_close", reason switch
        {
            CloseReason.Error => " reason=error",
            CloseReason.Idle => " reason=idle_timeout",
            _ => " reason=normal",
        });
    }

    /// <summary>Looks how long a connection has lived, and counts what is to become of it. Only where there are lifetimes.</summary>
    /// <param name="life">The connection's.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="isAwaited">Whether its client is to speak next.</param>
    public LifeStage Look(ref ConnectionLife life, long now, bool isAwaited)
    {
        bool wasOld = life.IsOld;
        LifeStage stage = life.Look(Lifetimes!, now, isAwaited);
        if (stage == LifeStage.Idle)
        {
            Interlocked.Increment(ref _idleKicks);
        }
        else if (life.IsOld && !wasOld)
        {
            Interlocked.Increment(ref _agedConnections);
        }

        return stage;
    }

    /// <summary>Counters for one more loop, or for a connection that no loop's thread serves.</summary>
    public GatewayCounters AddCounters()
    {
        var counters = new GatewayCounters();
        lock (_counters)
        {
            _counters.Add(counters);
        }

        return counters;
    }

    /// <summary>Keeps the counts of counters that are written no more.</summary>
    public void RemoveCounters(GatewayCounters counters)
    {
        lock (_counters)
        {
            _counters.Remove(counters);
            _ended.Add(counters);
        }
    }

    public GatewayCounters SumCounters()
    {
        var sum = new GatewayCounters();
        lock (_counters)
        {
            sum.Add(_ended);
            foreach (GatewayCounters counters in _counters)
            {
                sum.Add(counters);
            }
        }

        return sum;
    }

    private void TellWatchers(OpenConnection connection, string type, string reason)
    {
        if (Watchers.Wants(WatchedEvents.Connections))
        {
            try
            {
                Watchers.Tell(WatchedEvents.Connections, Encoding.ASCII.GetBytes(connection.Event(type, reason)));
            }
            catch (SocketException)
            {
                // It was reset before anybody could see whose it is.
            }
        }
    }
}
