using Granary.Client;

namespace Granary.ClusterTests.Faults;

/// <summary>
/// Entries of one tag, stored and removed again and again while the test hurts the cluster: none is read after its removal.
/// </summary>
internal sealed class TagRounds : IAsyncDisposable
{
    private const int Keys = 64; // in about as many shards
    private const int MinRounds = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly EntryOptions Tagged = new() { Tags = ["rounds", "others"] };

    private readonly CancellationTokenSource _end = new();
    private readonly IGranaryCache _cache;
    private readonly List<string> _anomalies = [];
    private readonly Task _running;
    private int _rounds;
    private int _names; // what was perhaps stored may still come: then other keys are used
    private int _failures;

    private TagRounds(IGranaryCache cache)
    {
        _cache = cache;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Stores and reads so far.</summary>
    public long Operations { get; private set; }

    public static TagRounds Start(IGranaryCache cache) => new(cache);

    /// <summary>Ends them.</summary>
    /// <param name="mayFail">Whether an operation may have an error.</param>
    public async Task AssertAsync(bool mayFail)
    {
        await _end.CancelAsync();
        await _running;
        Assert.Empty(_anomalies);
        Assert.True(_rounds >= MinRounds, $"{_rounds} rounds");
        Assert.True(mayFail || _failures == 0, $"{_failures} operations had an error.");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        for (; !_end.IsCancellationRequested; _rounds++)
        {
            await Task.Delay(Pause);
            string[] keys = [.. Enumerable.Range(0, Keys).Select(number => $"tag:{_names}:{number}")];
            int round = _rounds;
            Operations += 2 * Keys;
            if (!await TryAsync(() => _cache.SetManyAsync(keys.Select(key => KeyValuePair.Create(key, round)), Tagged)))
            {
                _names++;
                continue;
            }

            while (!await TryAsync(() => _cache.RemoveByTagAsync("rounds")))
            {
            }

            CacheEntry<int>[] entries = [];
            if (await TryAsync(async () => entries = await _cache.GetManyAsync<int>(keys)))
            {
                _anomalies.AddRange(entries.Zip(keys)
                    .Where(static pair => pair.First.IsHit)
                    .Select(pair => $"{pair.Second} has the value of round {pair.First.Value} after the removal in round {round}."));
            }
        }
    }

    private async Task<bool> TryAsync(Func<ValueTask> operation)
    {
        try
        {
            await operation();
            return true;
        }
        catch (GranaryException)
        {
            _failures++;
            return false;
        }
    }
}
