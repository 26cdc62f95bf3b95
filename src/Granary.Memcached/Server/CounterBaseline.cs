namespace Granary.Memcached.Server;

/// <summary>
/// What the counters showed when a client reset them. They themselves go on, because metrics are read from them; clients see
/// the difference. Thread-safe.
/// </summary>
internal sealed class CounterBaseline
{
    private volatile IReadOnlyDictionary<string, long> _values = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What has been counted since they were reset.</summary>
    /// <param name="name">The counter.</param>
    /// <param name="value">What it shows.</param>
    public long Since(string name, long value) => value - _values.GetValueOrDefault(name);

    /// <summary>Counters begin here.</summary>
    /// <param name="values">What they show. Taken over.</param>
    public void Set(IReadOnlyDictionary<string, long> values) => _values = values;
}
