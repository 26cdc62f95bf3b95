using System.Diagnostics;
using Granary.Client;
using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.ClusterTests.Faults;

/// <summary>
/// Values that are written again and again, and read by a hybrid cache that keeps them, while the test hurts the cluster: none is
/// older than the cache promises.
/// </summary>
internal sealed class NearRounds : IAsyncDisposable
{
    private const int Keys = 32;
    private const int MinRounds = 30;
    private const int MinKept = 1000; // so many were not asked of the cluster

    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Bound = new GranaryHybridCacheOptions().MaxStaleness;

    private static readonly HybridCacheEntryOptions NeverMade = new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

    private readonly CancellationTokenSource _end = new();
    private readonly IGranaryCache _cache;
    private readonly HybridCache _hybrid;
    private readonly ITestOutputHelper _output;
    private readonly List<TimeSpan> _written = []; // when each round was acknowledged
    private readonly List<string> _anomalies = [];
    private readonly List<double> _ages = []; // of what was read, when it was not the newest; milliseconds
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task _running;
    private int _failures;
    private int _kept;
    private long _operations;

    private NearRounds(IGranaryCache cache, HybridCache hybrid, ITestOutputHelper output)
    {
        _cache = cache;
        _hybrid = hybrid;
        _output = output;
        _running = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadAsync));
    }

    /// <summary>Operations of the cluster so far: stores, and reads of what was not kept.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    public static NearRounds Start(IGranaryCache cache, HybridCache hybrid, ITestOutputHelper output) => new(cache, hybrid, output);

    /// <summary>Ends them.</summary>
    /// <param name="mayFail">Whether an operation may have an error.</param>
    public async Task AssertAsync(bool mayFail)
    {
        await _end.CancelAsync();
        await _running;
        _ages.Sort();
        _output.WriteLine(_ages.Count == 0
            ? "Every kept value was the newest."
            : $"{_ages.Count} of {_kept} kept values were old: median {_ages[_ages.Count / 2]:F1} ms, at most {_ages[^1]:F1} ms.");
        Assert.Empty(_anomalies);
        Assert.True(_written.Count >= MinRounds, $"{_written.Count} rounds");
        Assert.True(_kept >= MinKept, $"{_kept} values were kept.");
        Assert.True(mayFail || _failures == 0, $"{_failures} operations had an error.");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private static string KeyOf(int number) => $"near:{number}";

    private async Task WriteAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            int round = _written.Count + 1;
            bool isWritten = false;
            while (!isWritten)
            {
                Interlocked.Add(ref _operations, Keys);
                try
                {
                    await _cache.SetManyAsync(Enumerable.Range(0, Keys).Select(number => KeyValuePair.Create(KeyOf(number), round)));
                    isWritten = true;
                }
                catch (GranaryException)
                {
                    _failures++;
                }
            }

            lock (_written)
            {
                _written.Add(_clock.Elapsed);
            }

            await Task.Delay(WritePause);
        }
    }

    private async Task ReadAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            for (int number = 0; number < Keys; number++)
            {
                await ReadAsync(KeyOf(number));
            }

            await Task.Delay(ReadPause);
        }
    }

    private async Task ReadAsync(string key)
    {
        TimeSpan begun = _clock.Elapsed;
        ValueTask<int> reading = _hybrid.GetOrCreateAsync(key, static _ => new ValueTask<int>(0), NeverMade);
        bool isKept = reading.IsCompleted; // no message was sent
        int found = await reading;
        Interlocked.Add(ref _operations, isKept ? 0 : 1);
        if (found == 0)
        {
            return; // not written yet, or the cluster does not answer
        }

        _kept += isKept ? 1 : 0;
        lock (_written)
        {
            if (_written.Count <= found)
            {
                return; // the newest, or one that is not acknowledged yet
            }

            TimeSpan age = begun - _written[found]; // since the next one was acknowledged
            if (age > TimeSpan.Zero)
            {
                _ages.Add(age.TotalMilliseconds);
            }

            if (age > (isKept ? Bound : TimeSpan.Zero))
            {
                _anomalies.Add($"{key} has the value of round {found} {age.TotalSeconds:F3} s after the next one was written, kept: {isKept}.");
            }
        }
    }
}
