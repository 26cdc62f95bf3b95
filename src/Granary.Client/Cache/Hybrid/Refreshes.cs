using System.Collections.Concurrent;
using Granary.Client.Cache.Creation;
using Granary.Client.Cache.Leases;
using Microsoft.Extensions.Logging;

namespace Granary.Client.Cache.Hybrid;

/// <summary>Values that are made anew while the old ones are answered with: one at a time of a key, in all processes. Thread-safe.</summary>
internal sealed class Refreshes(GranaryLeases leases, TimeProvider time, ILogger logger) : IDisposable
{
    // As long as whoever makes a missing value has; and how long a process waits that was not the one, or failed.
    private static readonly TimeSpan LeaseLifetime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseOfOthers = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<CacheKey, bool> _running = new();

    public bool IsRunning(in CacheKey key) => _running.ContainsKey(key);

    /// <summary>Makes a value anew, unless that is done already.</summary>
    /// <param name="key">The key, in memory of its own.</param>
    /// <param name="makeAsync">Makes and stores it.</param>
    public void Begin(CacheKey key, Func<CancellationToken, Task> makeAsync)
    {
        if (_running.TryAdd(key, true))
        {
            _ = Task.Run(() => RunAsync(key, makeAsync), CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task RunAsync(CacheKey key, Func<CancellationToken, Task> makeAsync)
    {
        TimeSpan pause = TimeSpan.Zero;
        CancellationToken ending = default;
        try
        {
            ending = _ending.Token;
            GranaryLease? lease = await leases
                .TryTakeAsync(key.ToString(), Creations.LeaseKeyOf(key), LeaseLifetime, ending)
                .ConfigureAwait(false);
            if (lease is null)
            {
                pause = PauseOfOthers;
            }
            else
            {
                await using (lease.ConfigureAwait(false))
                {
                    await makeAsync(ending).ConfigureAwait(false);
                }
            }
        }
        catch (Exception failure) // nobody waits for it
        {
            pause = PauseAfterFailure;
            if (failure is not (OperationCanceledException or ObjectDisposedException))
            {
                Log.RefreshFailed(logger, key.ToString(), failure);
            }
        }

        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _running.TryRemove(key, out _);
    }
}
