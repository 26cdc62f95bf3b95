using Granary.Cache;

namespace Granary.Memcached.Server;

/// <summary>What all connections of a gateway share. Thread-safe.</summary>
internal sealed class GatewayState(LocalCache cache, GatewayOptions options, TimeProvider time)
{
    private readonly HashSet<GatewayCounters> _counters = [];
    private readonly GatewayCounters _ended = new();
    private long _connections;
    private long _totalConnections;
    private long _rejectedConnections;
    private long _authenticationTimeouts;

    public LocalCache Cache { get; } = cache;

    public GatewayOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public long StartTimestamp { get; } = time.GetTimestamp();

    public BufferBudget Budget { get; } = new(options.MaxBufferedBytes);

    /// <summary>Where the counters that clients see begin.</summary>
    public CounterBaseline Baseline { get; } = new();

    public Handshakes Handshakes { get; } = new(options.MaxHandshakes);

    /// <summary>Who may connect; <see langword="null"/> for everybody.</summary>
    public UserFile? Users { get; init; }

    public long Connections => Volatile.Read(ref _connections);

    public long TotalConnections => Volatile.Read(ref _totalConnections);

    public long RejectedConnections => Volatile.Read(ref _rejectedConnections);

    /// <summary>Connections closed because they did not authenticate in time.</summary>
    public long AuthenticationTimeouts => Volatile.Read(ref _authenticationTimeouts);

    /// <summary>Counts a new connection.</summary>
    /// <returns><see langword="false"/> if there are too many.</returns>
    public bool TryAddConnection()
    {
        if (Interlocked.Increment(ref _connections) > Options.MaxConnections)
        {
            Interlocked.Decrement(ref _connections);
            Interlocked.Increment(ref _rejectedConnections);
            return false;
        }

        Interlocked.Increment(ref _totalConnections);
        return true;
    }

    public void RemoveConnection() => Interlocked.Decrement(ref _connections);

    public void AddAuthenticationTimeout() => Interlocked.Increment(ref _authenticationTimeouts);

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
}
