using System.Globalization;
using Granary.Client;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.ClusterTests.Faults;

/// <summary>
/// What applications do with the .NET interfaces, again and again while the test changes the cluster: distributed cache, counters
/// that expire, values that are made once, leases. Nothing of it may fail.
/// </summary>
internal sealed class InterfaceRounds : IAsyncDisposable
{
    private const int MinRounds = 30;
    private const int Makers = 8;
    private const int OperationsARound = 5 + 1 + Makers + 3 + 4; // of each part about so many

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _end = new();
    private readonly IDistributedCache _distributed;
    private readonly IGranaryCache _cache;
    private readonly IGranaryLeases _leases;
    private readonly List<string> _anomalies = [];
    private readonly Task _running;
    private int _rounds;
    private int _holders;
    private ulong _token;

    private InterfaceRounds(IServiceProvider client)
    {
        _distributed = client.GetRequiredService<IDistributedCache>();
        _cache = client.GetRequiredService<IGranaryCache>();
        _leases = client.GetRequiredService<IGranaryLeases>();
        _running = Task.Run(RunAsync);
    }

    /// <summary>Operations of the cluster so far, about.</summary>
    public long Operations => (long)_rounds * OperationsARound;

    public static InterfaceRounds Start(IServiceProvider client) => new(client);

    /// <summary>Ends them.</summary>
    public async Task AssertAsync()
    {
        await _end.CancelAsync();
        await _running;
        Assert.Empty(_anomalies);
        Assert.True(_rounds >= MinRounds, $"{_rounds} rounds");
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
            string round = _rounds.ToString(CultureInfo.InvariantCulture);
            try
            {
                await Task.WhenAll(StoreAsync(round), CountAsync(), MakeAsync(round), LeaseAsync(), LeaseAsync());
            }
            catch (GranaryException failure)
            {
                Expect(isRight: false, failure.ToString());
            }
        }
    }

    private async Task StoreAsync(string round)
    {
        string key = $"interface:{round}";
        await _distributed.SetStringAsync(key, round, new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(1) });
        await _distributed.RefreshAsync(key);
        string? found = await _distributed.GetStringAsync(key);
        Expect(found == round, $"{key} is {found ?? "not there"} after it was stored.");
        await _distributed.RemoveAsync(key);
        found = await _distributed.GetStringAsync(key);
        Expect(found is null, $"{key} is {found} after it was removed.");
    }

    private async Task CountAsync()
    {
        ulong count = await _cache.IncrementOrCreateAsync(
            "interface:count", options: new EntryOptions { Expiration = TimeSpan.FromMinutes(10) });
        Expect(count == (ulong)_rounds + 1, $"The counter is {count} in round {_rounds}.");
    }

    private async Task MakeAsync(string round)
    {
        int runs = 0;
        string[] made = await Task.WhenAll(Enumerable.Range(0, Makers).Select(_ => _cache.GetOrCreateAsync(
            $"interface:made:{round}",
            async _ =>
            {
                Interlocked.Increment(ref runs);
                await Task.Yield();
                return round;
            }).AsTask()));
        Expect(runs == 1, $"The factory of round {round} ran {runs} times.");
        Expect(Array.TrueForAll(made, value => value == round), $"Made in round {round}: {string.Join(' ', made)}.");
    }

    private async Task LeaseAsync()
    {
        await using GranaryLease lease = await _leases.AcquireAsync("interface");
        int holders = Interlocked.Increment(ref _holders);
        ulong before = Interlocked.Exchange(ref _token, lease.Token);
        await Task.Yield();
        Interlocked.Decrement(ref _holders);
        Expect(holders == 1 && before < lease.Token, $"{holders} hold the lease, with the token {lease.Token} after {before}.");
    }

    private void Expect(bool isRight, string anomaly)
    {
        if (!isRight)
        {
            lock (_anomalies)
            {
                _anomalies.Add(anomaly);
            }
        }
    }
}
