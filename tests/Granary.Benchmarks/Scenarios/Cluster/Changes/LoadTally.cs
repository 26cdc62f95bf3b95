using System.Diagnostics;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>What became of the operations of a load. Thread-safe.</summary>
internal sealed class LoadTally
{
    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latency = new();
    private long _lastAnswer = Stopwatch.GetTimestamp();
    private long _longestSilence;
    private long _errors;

    /// <summary>Answers that were a miss or not the last value.</summary>
    public long Wrong { get; private set; }

    /// <summary>After the load has ended. "Silent" is the longest time in which nothing at all was answered.</summary>
    public Figure[] Figures =>
    [
        new("operations", _latency.Count),
        new("p50 ms", _latency.MicrosecondsAt(0.50) / 1000, "0.00"),
        new("p99 ms", _latency.MicrosecondsAt(0.99) / 1000, "0.00"),
        new("max ms", _latency.MicrosecondsAt(1) / 1000),
        new("silent ms", _longestSilence * 1000.0 / Stopwatch.Frequency),
        new("errors", _errors),
        new("wrong", Wrong),
    ];

    /// <param name="due">When the operation was to begin.</param>
    public void Answered(long due)
    {
        lock (_lock)
        {
            long now = Stopwatch.GetTimestamp();
            _latency.Record(now - due, 1);
            _longestSilence = Math.Max(_longestSilence, now - _lastAnswer);
            _lastAnswer = now;
        }
    }

    /// <summary>Counts an attempt that got no answer.</summary>
    public void Failed()
    {
        lock (_lock)
        {
            _errors++;
        }
    }

    public void AnsweredWrongly()
    {
        lock (_lock)
        {
            Wrong++;
        }
    }
}
