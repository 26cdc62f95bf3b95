using System.Collections.Concurrent;
using Granary.Cache.Membership;
using Granary.Cache.Reports;
using Granary.Cache.Shards;
using Granary.Cache.Watching;
using Granary.Wire;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Routing;

// An operation on a shard that is not open here goes to the silo that holds it, as far as this one knows, in the link that
// all callers of this silo share. That silo executes it or says that it does not hold the shard. Then
//
//   a memcached client's operation takes a *detour*: the shard's own link, to its grain, where Orleans' directory decides;
//   there it is repeated until the shard is open somewhere, or its time is over. While a shard has a detour under way, all
//   its operations follow it, so that their order is kept;
//
//   a .NET client's operation is answered so, as others came with it in one message; the client asks again in a moment,
//   and the directory is asked meanwhile.

/// <summary>Sends operations to where their shards are. Thread-safe.</summary>
internal sealed class CacheRouter
{
    /// <summary>How long an operation looks for its shard. Below the 5 s response timeout of a batch.</summary>
    private static readonly TimeSpan SearchTime = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);

    private readonly ClusterView _view;
    private readonly ShardLocator _locator;
    private readonly PeerReach _reach;
    private readonly IGrainFactory _grains;
    private readonly OperationTimes _times;
    private readonly TimeProvider _time;
    private readonly HotReads? _hotReads;
    private readonly ILogger<CacheRouter> _logger;
    private readonly ConcurrentDictionary<SiloAddress, OperationLink> _peers = new();
    private readonly OperationLink?[] _detours;
    private readonly ShardRegistry _registry;
    private readonly ConcurrentDictionary<int, bool> _locating = new();
    private int _detoursMade;
    private long _forwarded;

    public CacheRouter(
        ClusterView view,
        ShardRegistry registry,
        ShardLocator locator,
        PeerReach reach,
        IGrainFactory grains,
        OperationTimes times,
        TimeProvider time,
        ILogger<CacheRouter> logger,
        HotReads? hotReads = null)
    {
        _view = view;
        _registry = registry;
        _locator = locator;
        _reach = reach;
        _grains = grains;
        _times = times;
        _time = time;
        _logger = logger;
        _hotReads = hotReads;
        _detours = new OperationLink?[view.Current.Map.ShardCount];
        view.Changed += ForgetDeparted;
    }

    public long ViewVersion => _view.Current.Version;

    /// <summary>Operations sent to other silos, or to a shard's grain; those that were sent again count again.</summary>
    public long Forwarded => Volatile.Read(ref _forwarded);

    /// <summary>Adds an operation to a window and to the link of its shard's silo.</summary>
    /// <param name="operation">Copied before this returns.</param>
    /// <param name="window">Gets the answer.</param>
    /// <param name="mayDetour">Whether it may wait until the shard is found; else the answer is "not owner".</param>
    public void Submit(in PackedOperation operation, RemoteWindow window, bool mayDetour)
    {
        if (_hotReads is not null && mayDetour && HotReads.CanAnswer(operation))
        {
            SubmitRead(operation, window, _hotReads);
        }
        else
        {
            Submit(operation, new WaitingOperation(window, window.Begin(), Deadline(), mayDetour));
        }
    }

    /// <summary>An operation's shard is not where it should be.</summary>
    public void NotFound(in PackedOperation operation, in WaitingOperation waiting)
    {
        int shard = ShardHash.ShardOf(operation.Key, _detours.Length);
        if (!waiting.MayDetour)
        {
            waiting.Window.Answer(waiting.Index, CacheStatus.NotOwner);
            Locate(shard);
            return;
        }

        if (!HasDetour(shard))
        {
            Locate(shard); // so that the next ones need none
        }

        OperationLink link = DetourOf(shard);
        if (!link.TrySubmit(operation, waiting))
        {
            waiting.Window.Answer(waiting.Index, CacheStatus.NoRoom);
        }

        link.Send();
    }

    /// <summary>A message with so many operations leaves.</summary>
    public void Sends(int operations) => Interlocked.Add(ref _forwarded, operations);

    /// <summary>A timestamp of now, for <see cref="Answered"/>.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>An operation has its answer.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="waiting">Whose it is.</param>
    /// <param name="answer">The answer; <see langword="default"/> if what has become of it is not known.</param>
    /// <param name="now">The time.</param>
    /// <param name="link">The name of the link that it took.</param>
    public void Answered(
        in PackedOperation operation, in WaitingOperation waiting, in PackedReply answer, long now, string link)
    {
        _hotReads?.Answered(operation, waiting.Read, answer); // before the caller knows
        TimeSpan duration = SearchTime - _time.GetElapsedTime(now, waiting.Deadline);
        _times.EndForwarded(duration);
        if (duration >= OperationTimes.SlowFrom)
        {
            _times.AddSlow(duration, operation, ReasonOf(link));
        }
    }

    public bool IsOver(long deadline) => _time.GetTimestamp() >= deadline;

    public Task WaitBeforeRetryAsync() => Task.Delay(RetryDelay, _time);

    public void BatchFailed(string target, Exception exception) => _logger.BatchFailed(target, exception);

    /// <summary>
    /// Calls the silo that holds a shard, for what does not go into batches: first the one that does as far as this one
    /// knows, then the one that does by the directory, until the time is over.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="call">Calls the silo. Its result is final unless <paramref name="isOwner"/> says no.</param>
    /// <param name="isRepeatable">Whether a call whose outcome is unknown may be made again.</param>
    /// <param name="isOwner">Whether a result came from the shard's owner.</param>
    /// <returns>The last result.</returns>
    public async ValueTask<TResult> CallOwnerAsync<TResult>(
        int shard, Func<SiloAddress, ValueTask<TResult>> call, bool isRepeatable, Func<TResult, bool> isOwner)
    {
        long deadline = Deadline();
        SiloAddress silo = _locator.HolderOf(shard, _view.Current) ?? _view.Self;
        while (true)
        {
            CancellationToken way = _reach.WayTo(silo);
            try
            {
                TResult result = await call(silo).AsTask().WaitAsync(isRepeatable ? way : CancellationToken.None);
                if (isOwner(result) || IsOver(deadline))
                {
                    return result;
                }
            }
            catch (OperationCanceledException) when (way.IsCancellationRequested)
            {
                continue; // the silo is cut off: again, through another one
            }

            await WaitBeforeRetryAsync();
            silo = await FindAsync(shard);
        }
    }

    private void SubmitRead(in PackedOperation operation, RemoteWindow window, HotReads hotReads)
    {
        // What came before in the same window is not to be answered with what is newer, nor undone.
        ulong hash = ShardHash.Of(operation.Key);
        int shard = ShardHash.ShardOf(hash, _detours.Length);
        bool isFirst = window.LinkOf(shard) is null && !HasDetour(shard);
        if (isFirst && hotReads.TryAnswer(operation, hash, window))
        {
            return;
        }

        HotRead? read = hotReads.Begin(hash);
        var waiting = new WaitingOperation(window, window.Begin(), Deadline(), MayDetour: true, read);
        Submit(read is null ? operation : HotReads.ToBeKept(operation), waiting);
    }

    private void Submit(in PackedOperation operation, in WaitingOperation waiting)
    {
        RemoteWindow window = waiting.Window;
        int shard = ShardHash.ShardOf(operation.Key, _detours.Length);

        // What came before in the same window has left in this link: its order is kept, wherever the shard is by now.
        OperationLink? link = window.LinkOf(shard);
        if (link is null && !(waiting.MayDetour && HasDetour(shard)))
        {
            link = PeerOf(_locator.HolderOf(shard, _view.Current));
        }

        if (link is null)
        {
            NotFound(operation, waiting);
            return;
        }

        window.Remember(shard, link);
        if (!link.TrySubmit(operation, waiting))
        {
            window.Answer(waiting.Index, CacheStatus.NoRoom);
        }
    }

    // Asks the directory, which has the shard activated if it is nowhere; once at a time.
    private void Locate(int shard)
    {
        if (_locating.TryAdd(shard, true))
        {
            _ = LocateAsync(shard);
        }
    }

    private async Task LocateAsync(int shard)
    {
        try
        {
            await FindAsync(shard);
        }
        catch (Exception exception) // the edge: the next operation asks again
        {
            _logger.ShardNotLocated(shard, exception);
        }

        _locating.TryRemove(shard, out _);
    }

    private async Task<SiloAddress> FindAsync(int shard)
    {
        if (BehindACut(shard) is { } silo)
        {
            return silo;
        }

        long announced = _registry[shard].Announced;
        ServedSilo served = await _grains.GetGrain<ICacheShardGrain>(shard).LocateAsync();
        _registry[shard].Located(served.Address, announced);
        return served.Address;
    }

    // Who is cut off from a silo may not reach the directory either, nor the grain that it names: then the silo that holds
    // the shard as far as this one knows has to do. Null if nobody is cut off, or the shard is here.
    private SiloAddress? BehindACut(int shard) =>
        _reach.AnyRelay is not null && _locator.HolderOf(shard, _view.Current) is { } holder && !holder.Equals(_view.Self)
            ? holder
            : null;

    // A detour is named by its shard, any other link by its silo's address.
    private string ReasonOf(string link) => link.StartsWith("shard", StringComparison.Ordinal)
        ? $"looked for {link}"
        : "waited for silo " + _view.Current.Owners
            .Where(silo => string.Equals(silo.Value.ToString(), link, StringComparison.Ordinal))
            .Select(static silo => silo.Key)
            .FirstOrDefault(link);

    private bool HasDetour(int shard) =>
        Volatile.Read(ref _detoursMade) > 0 && Volatile.Read(ref _detours[shard]) is { IsIdle: false };

    // Null for this silo itself.
    private OperationLink? PeerOf(SiloAddress? silo) => silo is null || silo.Equals(_view.Self) ? null : _peers.GetOrAdd(
        silo,
        static (key, router) => new OperationLink(
            batch => router._view.ServiceOf(key).ExecuteAsync(batch),
            key.ToString(),
            router,
            () => router._reach.WayTo(key),
            () => router._view.IsDead(key),
            isDetour: false),
        this);

    private OperationLink DetourOf(int shard)
    {
        if (Volatile.Read(ref _detours[shard]) is { } existing)
        {
            return existing;
        }

        var link = new OperationLink(
            batch => ExecuteAsync(shard, batch),
            $"shard {shard}",
            this,
            static () => default,
            static () => false,
            isDetour: true);
        Interlocked.Increment(ref _detoursMade);
        return Interlocked.CompareExchange(ref _detours[shard], link, null) ?? link;
    }

    private ValueTask<WireBytes> ExecuteAsync(int shard, WireBytes batch) => BehindACut(shard) is { } silo
        ? _view.ServiceOf(silo).ExecuteAsync(batch)
        : _grains.GetGrain<ICacheShardGrain>(shard).ExecuteAsync(batch);

    private void ForgetDeparted(ViewSnapshot snapshot)
    {
        foreach ((SiloAddress silo, OperationLink link) in _peers)
        {
            if (link.IsIdle && !snapshot.IsMember(silo))
            {
                _peers.TryRemove(silo, out _);
            }
        }
    }

    private long Deadline() =>
        _time.GetTimestamp() + (long)(SearchTime.TotalSeconds * _time.TimestampFrequency);
}
