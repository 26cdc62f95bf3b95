using System.Diagnostics;
using Granary.Benchmarks.Load;
using Granary.Client;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>
/// Ten gets to a set of checked entries through the .NET client, at a fixed rate: an operation is late from the moment
/// it was due, and is repeated until it is answered. So the longest is the longest pause that a caller saw.
/// </summary>
internal sealed class PacedLoad : IAsyncDisposable
{
    private const int Callers = 64; // each has keys of its own, and one operation under way
    private const int OperationsPerSet = 11;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly IGranaryCache _cache;
    private readonly CheckedEntries _entries;
    private readonly int _rate;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly PreciseTimer _timer = new();
    private readonly LoadTally _tally = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Task _calling;
    private volatile bool _isStopping;

    private PacedLoad(IGranaryCache cache, CheckedEntries entries, int rate)
    {
        _cache = cache;
        _entries = entries;
        _rate = rate;
        _calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller))));
    }

    /// <param name="cache">Of the cluster.</param>
    /// <param name="entries">Nobody else writes them.</param>
    /// <param name="rate">Operations a second.</param>
    public static PacedLoad Start(IGranaryCache cache, CheckedEntries entries, int rate) => new(cache, entries, rate);

    /// <summary>Begins no further operation, and waits for those that are under way.</summary>
    public async Task<LoadTally> StopAsync()
    {
        _isStopping = true;
        await _calling;
        return _tally;
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await _giveUp.CancelAsync();
        await _calling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _timer.Dispose();
        _giveUp.Dispose();
    }

    private async Task CallAsync(int caller)
    {
        var random = new Random(caller);
        for (long turn = caller; !_isStopping; turn += Callers)
        {
            long due = _start + (turn * Stopwatch.Frequency / _rate);
            await _timer.DelayUntilAsync(due);
            int number = (random.Next(_entries.Count / Callers) * Callers) + caller;
            bool isSet = random.Next(OperationsPerSet) == 0;
            while (!await TryAsync(number, isSet))
            {
                await Task.Delay(RetryInterval, _giveUp.Token);
            }

            _tally.Answered(due);
        }
    }

    private async Task<bool> TryAsync(int number, bool isSet)
    {
        try
        {
            await (isSet ? SetAsync(number) : GetAsync(number));
            return true;
        }
        catch (GranaryException)
        {
            _tally.Failed();
            return false;
        }
    }

    private async Task SetAsync(int number)
    {
        await _cache.SetAsync(
            _entries.Key(number), _entries.NextValue(number), cancellationToken: _giveUp.Token);
        _entries.Confirm(number);
    }

    private async Task GetAsync(int number)
    {
        CacheEntry<byte[]> entry = await _cache.GetAsync<byte[]>(_entries.Key(number), _giveUp.Token);
        if (!_entries.IsCurrent(number, entry.Value))
        {
            _tally.AnsweredWrongly();
        }
    }
}
