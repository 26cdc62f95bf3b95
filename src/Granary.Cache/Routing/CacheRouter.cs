using System.Collections.Concurrent;
using Granary.Cache.Membership;
using Granary.Wire;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Routing;

// An operation on a shard that is not open here goes to the silo that should hold it by the map, in the link that all
// callers of this silo share. If that silo does not hold it, the operation takes a *detour*: the shard's own link, to its
// grain, where Orleans' directory decides; there it is repeated until the shard is open somewhere, or its time is over.
// While a shard has a detour under way, all its operations follow it, so that their order is kept.

/// <summary>Sends operations to where their shards are. Thread-safe.</summary>
internal sealed class CacheRouter
{
    /// <summary>How long an operation looks for its shard. Below the 5 s response timeout of a batch.</summary>
    private static readonly TimeSpan SearchTime = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);

    private readonly ClusterView _view;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<CacheRouter> _logger;
    private readonly ConcurrentDictionary<SiloAddress, OperationLink> _peers = new();
    private readonly OperationLink?[] _detours;
    private int _detoursMade;

    public CacheRouter(ClusterView view, IGrainFactory grains, TimeProvider time, ILogger<CacheRouter> logger)
    {
        _view = view;
        _grains = grains;
        _time = time;
        _logger = logger;
        _detours = new OperationLink?[view.Current.Map.ShardCount];
        view.Changed += ForgetDeparted;
    }

    public long ViewVersion => _view.Current.Version;

    /// <summary>Adds an operation to a window and to the link of its shard's silo.</summary>
    /// <param name="operation">Copied before this returns.</param>
    /// <param name="window">Gets the answer.</param>
    /// <param name="hops">Silos that have forwarded the operation already.</param>
    /// <param name="byMap">Whether to trust the map; else the shard's grain is asked.</param>
    public void Submit(in PackedOperation operation, RemoteWindow window, int hops, bool byMap)
    {
        var waiting = new WaitingOperation(window, window.Begin(), Deadline());
        int shard = ShardHash.ShardOf(operation.Key, _detours.Length);
        SiloAddress? owner = _view.Current.OwnerOf(shard);
        if (!byMap || owner is null || owner.Equals(_view.Self) || HasDetour(shard))
        {
            Detour(operation, waiting, hops);
        }
        else if (!PeerOf(owner).TrySubmit(operation, waiting, hops))
        {
            window.Answer(waiting.Index, CacheStatus.NoRoom);
        }
    }

    /// <summary>Ends the submission of a window: its operations leave now, or with the next message.</summary>
    public void Send(RemoteWindow window)
    {
        foreach ((_, OperationLink link) in _peers)
        {
            link.Send();
        }

        window.EndSubmission();
    }

    /// <summary>Sends an operation to its shard's grain.</summary>
    public void Detour(in PackedOperation operation, in WaitingOperation waiting, int hops)
    {
        int shard = ShardHash.ShardOf(operation.Key, _detours.Length);
        OperationLink link = DetourOf(shard);
        if (!link.TrySubmit(operation, waiting, hops))
        {
            waiting.Window.Answer(waiting.Index, CacheStatus.NoRoom);
        }

        link.Send();
    }

    public bool IsOver(long deadline) => _time.GetTimestamp() >= deadline;

    public Task WaitBeforeRetryAsync() => Task.Delay(RetryDelay, _time);

    public void BatchFailed(string target, Exception exception) => _logger.BatchFailed(target, exception);

    /// <summary>
    /// Calls the silo that holds a shard, for what does not go into batches: first the one that should hold it by the
    /// map, then the one that does by the directory, until the time is over.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="call">Calls the silo. Its result is final unless <paramref name="isOwner"/> says no.</param>
    /// <param name="isOwner">Whether a result came from the shard's owner.</param>
    /// <returns>The last result.</returns>
    public async ValueTask<TResult> CallOwnerAsync<TResult>(
        int shard, Func<SiloAddress, ValueTask<TResult>> call, Func<TResult, bool> isOwner)
    {
        long deadline = Deadline();
        SiloAddress silo = _view.Current.OwnerOf(shard) ?? _view.Self;
        while (true)
        {
            TResult result = await call(silo);
            if (isOwner(result) || IsOver(deadline))
            {
                return result;
            }

            await WaitBeforeRetryAsync();
            silo = (await _grains.GetGrain<ICacheShardGrain>(shard).LocateAsync()).Address;
        }
    }

    private bool HasDetour(int shard) =>
        Volatile.Read(ref _detoursMade) > 0 && Volatile.Read(ref _detours[shard]) is { IsIdle: false };

    private OperationLink PeerOf(SiloAddress silo) => _peers.GetOrAdd(
        silo,
        static (key, router) => new OperationLink(
            router._view.ServiceOf(key).ExecuteAsync, key.ToString(), router, () => router._view.IsDead(key), isDetour: false),
        this);

    private OperationLink DetourOf(int shard)
    {
        if (Volatile.Read(ref _detours[shard]) is { } existing)
        {
            return existing;
        }

        ICacheShardGrain grain = _grains.GetGrain<ICacheShardGrain>(shard);
        var link = new OperationLink(grain.ExecuteAsync, $"shard {shard}", this, static () => false, isDetour: true);
        Interlocked.Increment(ref _detoursMade);
        return Interlocked.CompareExchange(ref _detours[shard], link, null) ?? link;
    }

    private void ForgetDeparted(ViewSnapshot snapshot)
    {
        foreach ((SiloAddress silo, OperationLink link) in _peers)
        {
            if (link.IsIdle && !snapshot.Silos.Contains(silo))
            {
                _peers.TryRemove(silo, out _);
            }
        }
    }

    private long Deadline() =>
        _time.GetTimestamp() + (long)(SearchTime.TotalSeconds * _time.TimestampFrequency);
}
