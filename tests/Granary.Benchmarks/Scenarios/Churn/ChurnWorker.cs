using System.Diagnostics;
using System.Net;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Scenarios.Churn;

/// <summary>
/// One thread that reads or writes at a fixed rate. An operation is late from the moment when it was due, however slow the
/// server.
/// </summary>
/// <param name="keys">The server's.</param>
/// <param name="values">What they have.</param>
/// <param name="perSecond">Operations.</param>
/// <param name="seed">Of its choices.</param>
internal sealed class ChurnWorker(ChurnKeys keys, ChurnValues values, double perSecond, int seed)
{
    private const int ShareOfExpiring = 4; // one in so many
    private const int MaxExpirySeconds = 30;

    private readonly Random _random = new(seed);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isRecording;
    private volatile bool _isStopping;
    private long _operations;
    private long _recorded;
    private long _hits;

    /// <summary>Completes when the thread has ended; fails with what ended it early.</summary>
    public Task Ended => _ended.Task;

    public long Operations => Volatile.Read(ref _operations);

    /// <summary>Operations that were recorded. To be read after <see cref="Ended"/>, as what follows.</summary>
    public long Recorded => _recorded;

    /// <summary>Of those: gets that found something, and sets.</summary>
    public long Hits => _hits;

    public LatencyHistogram Latency { get; } = new();

    public void Start(IPEndPoint server, bool writes) => new Thread(() => Run(server, writes)) { IsBackground = true }.Start();

    /// <summary>Whether what it does counts from now on.</summary>
    public void Record(bool isRecording) => _isRecording = isRecording;

    public void Stop() => _isStopping = true;

    private void Run(IPEndPoint server, bool writes)
    {
        try
        {
            using var connection = new ChurnConnection(server, values);
            long start = Stopwatch.GetTimestamp();
            while (!_isStopping)
            {
                long due = start + (long)(_operations * Stopwatch.Frequency / perSecond);
                WaitUntil(due);
                bool isHit = Do(connection, writes);
                if (_isRecording)
                {
                    _recorded++;
                    _hits += isHit ? 1 : 0;
                    Latency.Record(Stopwatch.GetTimestamp() - due, 1);
                }

                Volatile.Write(ref _operations, _operations + 1);
            }

            _ended.SetResult();
        }
        catch (Exception error) // the edge of the thread: whoever waits for its end gets it
        {
            _ended.SetException(error);
        }
    }

    // Half of the writes are of keys that are new, half are of recent ones, with another length.
    private bool Do(ChurnConnection connection, bool writes)
    {
        if (!writes)
        {
            return connection.Get(keys.Recent(_random));
        }

        long key = _random.Next(2) == 0 ? keys.Next() : keys.Recent(_random);
        int seconds = _random.Next(ShareOfExpiring) == 0 ? _random.Next(1, MaxExpirySeconds + 1) : 0;
        connection.Set(key, values.Length(_random), seconds);
        return true;
    }

    private static void WaitUntil(long due)
    {
        long left = due - Stopwatch.GetTimestamp();
        if (left > 0)
        {
            _ = Libc.Sleep((uint)(left * 1_000_000 / Stopwatch.Frequency));
        }
    }
}
