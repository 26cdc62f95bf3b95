using System.Globalization;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>Names and values, in the order in which they are told.</summary>
/// <param name="baseline">Where counters begin.</param>
internal sealed class StatisticsList(CounterBaseline baseline)
{
    public List<(string Name, string Value)> All { get; } = [];

    /// <summary>What the counters among them show, and have shown since the silo started.</summary>
    public Dictionary<string, long> Counters { get; } = new(StringComparer.Ordinal);

    public void Add(string name, string value) => All.Add((name, value));

    public void Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds what a client can reset.</summary>
    public void Count(string name, long value)
    {
        Counters.Add(name, value);
        Add(name, baseline.Since(name, value));
    }

    /// <summary>Adds a counter under another name.</summary>
    /// <param name="name">How it is called here.</param>
    /// <param name="counter">How <see cref="Count"/> calls it.</param>
    /// <param name="value">What it shows.</param>
    public void Repeat(string name, string counter, long value) => Add(name, baseline.Since(counter, value));
}
