using System.Collections.Concurrent;

namespace Granary.ClientSample.Pi;

/// <summary>Counts verdicts by sample: one that is delivered again, because an answer was lost, counts once. Thread-safe.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, bool> _verdicts = new(StringComparer.Ordinal);
    private int _inside;

    public int Count => _verdicts.Count;

    /// <summary>Four times the share of the circle.</summary>
    public double Pi => 4.0 * _inside / Count;

    public void Add(string sample, bool isInside)
    {
        if (_verdicts.TryAdd(sample, isInside) && isInside)
        {
            Interlocked.Increment(ref _inside);
        }
    }
}
