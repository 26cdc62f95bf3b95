using Granary.Cache;

namespace Granary.Memcached.Server;

/// <summary>What all connections of a gateway share. Thread-safe.</summary>
internal sealed class GatewayState(LocalCache cache, GatewayOptions options, TimeProvider time)
{
    private readonly List<GatewayCounters> _counters = [];
    private long _connections;
    private long _totalConnections;
    private long _rejectedConnections;

    public LocalCache Cache { get; } = cache;

    public GatewayOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public long StartTimestamp { get; } = time.GetTimestamp();

    public BufferBudget Budget { get; } = new(options.MaxBufferedBytes);

    public long Connections => Volatile.Read(ref _connections);

    public long TotalConnections => Volatile.Read(ref _totalConnections);

    public long RejectedConnections => Volatile.Read(ref _rejectedConnections);

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

    /// <summary>Counters for one more loop.</summary>
    public GatewayCounters AddCounters()
    {
        var counters = new GatewayCounters();
        lock (_counters)
        {
            _counters.Add(counters);
        }

        return counters;
    }

    public GatewayCounters SumCounters()
    {
        var sum = new GatewayCounters();
        lock (_counters)
        {
            _counters.ForEach(sum.Add);
        }

        return sum;
    }
}
