using System.Collections.Concurrent;
using Granary.Wire;

namespace Granary.Watching;

// One loop per silo asks it for changes, again and again: a silo that has none answers after a moment, so that silence is
// told from peace. What a silo has told counts for a bounded time from when it was asked. So values are never older than that
// bound, whatever happens to the silo, the network or this process.

/// <summary>Follows the changes of silos, for whoever keeps values that were read there. Thread-safe.</summary>
public sealed class ShardWatches : IDisposable
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly TimeSpan _bound;
    private readonly TimeSpan _rest;
    private readonly Action<EntryChange> _changed;
    private readonly Action<string, Exception> _notHeard;
    private readonly ConcurrentDictionary<SiloAddress, CancellationTokenSource> _followed = new();
    private readonly Lock _lock = new();
    private ShardWatch?[] _shards = [];
    private bool _isDisposed;

    /// <param name="time">What bounds are measured by.</param>
    /// <param name="bound">How long what a silo has told counts.</param>
    /// <param name="rest">How long a silo that has told of changes is left alone: what comes meanwhile is told together.</param>
    /// <param name="changed">Told changes of entries and tags; those of shards are seen to here.</param>
    /// <param name="notHeard">Told the name of a silo that does not answer, and why: once, until it is heard again.</param>
    public ShardWatches(
        TimeProvider time,
        TimeSpan bound,
        TimeSpan rest,
        Action<EntryChange> changed,
        Action<string, Exception> notHeard)
    {
        _time = time;
        _bound = bound;
        _rest = rest;
        _changed = changed;
        _notHeard = notHeard;
    }

    /// <summary>The watch in which a key's values are read now; <see langword="null"/> while nobody tells of its changes.</summary>
    /// <param name="hash">The key's.</param>
    public ShardWatch? WatchOf(ulong hash)
    {
        ShardWatch?[] shards = Volatile.Read(ref _shards);
        return shards.Length == 0 ? null : Volatile.Read(ref shards[ShardHash.ShardOf(hash, shards.Length)]);
    }

    /// <summary>Follows these silos from now on, and no others. One call at a time.</summary>
    /// <param name="shardCount">Shards of the cluster.</param>
    /// <param name="silos">The silos; those without a batch end point tell nothing.</param>
    public void Follow(int shardCount, IReadOnlyCollection<ServedSilo> silos)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            if (_shards.Length != shardCount)
            {
                Volatile.Write(ref _shards, new ShardWatch?[shardCount]);
            }
        }

        foreach (SiloAddress gone in _followed.Keys.Except(silos.Select(static silo => silo.Address)))
        {
            Leave(gone);
        }

        foreach (ServedSilo silo in silos)
        {
            var ending = new CancellationTokenSource();
            if (silo.Service is { } service && _followed.TryAdd(silo.Address, ending))
            {
                _ = FollowAsync(silo.Name, service, ending.Token);
            }
            else
            {
                ending.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        foreach (SiloAddress silo in _followed.Keys)
        {
            Leave(silo);
        }
    }

    private void Leave(SiloAddress silo)
    {
        if (_followed.TryRemove(silo, out CancellationTokenSource? ending))
        {
            ending.Cancel();
            ending.Dispose();
        }
    }

    private async Task FollowAsync(string name, ICacheSiloService service, CancellationToken ending)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // not under the map's lock
        var silo = new SiloWatch((long)(_bound.TotalSeconds * _time.TimestampFrequency));
        TimeSpan patience = _bound / 3 < LongestPatience ? _bound / 3 : LongestPatience;
        var request = new WatchRequest { Patience = patience };
        TimeSpan pause = FirstPause;
        while (!ending.IsCancellationRequested)
        {
            try
            {
                long asked = _time.GetTimestamp();
                WatchReply reply = await service.WatchAsync(request).AsTask().WaitAsync(ending).ConfigureAwait(false);
                Apply(silo, reply);
                silo.Heard(asked);
                request = request with { Log = reply.Log, Position = reply.Position };
                pause = FirstPause;
                if (_rest > TimeSpan.Zero && reply.Changes.Length > 0)
                {
                    await Task.Delay(_rest, _time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception failure) // the edge: one message
            {
                Lose(silo);
                request = request with { Log = 0 };
                if (!ending.IsCancellationRequested)
                {
                    if (pause == FirstPause)
                    {
                        _notHeard(name, failure);
                    }

                    await Task.Delay(pause, _time, ending)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
            }
        }

        Lose(silo);
    }

    private void Apply(SiloWatch silo, WatchReply reply)
    {
        if (reply.Shards is { } served)
        {
            Lose(silo);
            foreach (int shard in served)
            {
                Replace(shard, new ShardWatch(silo));
            }
        }

        foreach (EntryChange change in reply.Changes)
        {
            switch (change.Kind)
            {
                case EntryChangeKind.ShardBegun:
                    Replace((int)change.Subject, new ShardWatch(silo));
                    break;
                case EntryChangeKind.ShardEnded:
                    End((int)change.Subject, silo);
                    break;
                case EntryChangeKind.Entry:
                    break;
                default:
                    _changed(change);
                    break;
            }
        }

        // Only the last change of an entry matters: what was read after one may be what the next has made.
        var told = new HashSet<ulong>();
        for (int index = reply.Changes.Length - 1; index >= 0; index--)
        {
            EntryChange change = reply.Changes[index];
            if (change.Kind == EntryChangeKind.Entry && told.Add(change.Subject))
            {
                _changed(change);
            }
        }
    }

    private void Lose(SiloWatch silo)
    {
        silo.Lose();
        for (int shard = 0; shard < Volatile.Read(ref _shards).Length; shard++)
        {
            End(shard, silo);
        }
    }

    private void Replace(int shard, ShardWatch? next)
    {
        ShardWatch?[] shards = Volatile.Read(ref _shards);
        if ((uint)shard < (uint)shards.Length)
        {
            Interlocked.Exchange(ref shards[shard], next)?.End();
        }
    }

    private void End(int shard, SiloWatch silo)
    {
        ShardWatch?[] shards = Volatile.Read(ref _shards);
        if ((uint)shard < (uint)shards.Length && shards[shard] is { } watch && watch.Silo == silo)
        {
            watch.End();
            Interlocked.CompareExchange(ref shards[shard], null, watch);
        }
    }
}
