using System.Diagnostics;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>One caller's loop. It allocates nothing itself once it runs.</summary>
/// <remarks>Its calls follow one another; any thread may tell it to record or stop.</remarks>
internal sealed class ClientCaller(ICacheUnderTest cache, ClientData data, Workload workload, int seed)
{
    private readonly Random _random = new(seed);
    private long _completed;
    private volatile bool _isRecording;
    private volatile bool _isStopping;

    /// <summary>Keys read or written so far.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>How long the recorded calls took; to be read after the loop has ended.</summary>
    public LatencyHistogram Latency { get; } = new();

    public void StartRecording() => _isRecording = true;

    public void Stop() => _isStopping = true;

    /// <exception cref="LoadException">A key was missing or had another value.</exception>
    public Task RunAsync() => workload.Kind switch
    {
        WorkloadKind.Get => GetAsync(),
        WorkloadKind.Set => SetAsync(),
        WorkloadKind.GetMany => GetManyAsync(),
        _ => throw new UnreachableException(),
    };

    private async Task GetAsync()
    {
        while (!_isStopping)
        {
            string key = NextKey();
            long start = Stopwatch.GetTimestamp();
            byte[]? value = await cache.GetAsync(key);
            Count(start, 1);
            if (!data.Value.AsSpan().SequenceEqual(value))
            {
                throw new LoadException($"{key} has {(value is null ? "no value" : "the wrong value")}.");
            }
        }
    }

    private async Task SetAsync()
    {
        while (!_isStopping)
        {
            string key = NextKey();
            long start = Stopwatch.GetTimestamp();
            await cache.SetAsync(key, data.Value);
            Count(start, 1);
        }
    }

    private async Task GetManyAsync()
    {
        var keys = new string[workload.KeysPerCall];
        while (!_isStopping)
        {
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i] = NextKey();
            }

            long start = Stopwatch.GetTimestamp();
            int hits = await cache.GetManyAsync(keys);
            Count(start, keys.Length);
            if (hits != keys.Length)
            {
                throw new LoadException($"{keys.Length - hits} of {keys.Length} keys have no value.");
            }
        }
    }

    private string NextKey() => data.Key(_random.Next(data.KeyCount));

    private void Count(long start, int keys)
    {
        Volatile.Write(ref _completed, _completed + keys);
        if (_isRecording)
        {
            Latency.Record(Stopwatch.GetTimestamp() - start, 1);
        }
    }
}
