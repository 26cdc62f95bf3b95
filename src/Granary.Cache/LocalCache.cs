using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Reports;
using Granary.Cache.Routing;
using Granary.Cache.Shards;
using Granary.Cache.Watching;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache;

/// <summary>
/// The cache as code inside a silo uses it: the shards that are open here directly, with no grain message; those of
/// other silos through the links that all callers share. Thread-safe.
/// </summary>
public sealed class LocalCache
{
    private readonly ShardRegistry _registry;
    private readonly CacheRouter _router;
    private readonly ClusterView _view;
    private readonly PagedValues _values;
    private readonly ClusterFlush _flush;
    private readonly ClusterDrop _drop;
    private readonly ChangeWaits _waits;
    private readonly OutgoingCopies _copies;
    private readonly ServingLease _lease;
    private readonly Readiness _readiness;
    private readonly PeerReach _reach;
    private readonly ClockComparison _clocks;
    private readonly MoveEstimate _moveEstimate;
    private readonly HotReads? _hotReads;

    internal LocalCache(
        ShardRegistry registry,
        CacheRouter router,
        ClusterView view,
        PagedValues values,
        ClusterFlush flush,
        ClusterDrop drop,
        ChangeWaits waits,
        OutgoingCopies copies,
        ServingLease lease,
        Readiness readiness,
        PeerReach reach,
        ClockComparison clocks,
        OperationTimes times,
        TimeProvider time,
        HotReads? hotReads = null)
    {
        Times = times;
        _registry = registry;
        _router = router;
        _view = view;
        _values = values;
        _flush = flush;
        _drop = drop;
        _waits = waits;
        _copies = copies;
        _lease = lease;
        _readiness = readiness;
        _reach = reach;
        _clocks = clocks;
        _moveEstimate = new MoveEstimate(time);
        _hotReads = hotReads;
    }

    /// <summary>
    /// The entries of this silo. An operation on a shard that is not open here answers NotOpen and does nothing: then
    /// <see cref="Submit"/> it.
    /// </summary>
    public CacheStore Store => _registry.Store;

    /// <summary>
    /// Whether this silo may answer for its shards: one that was stopped may have been declared dead. Without it no shard
    /// is open. Whoever executes operations checks when their bytes have been read, and again before the answers leave.
    /// </summary>
    public bool CheckLease() => _lease.Check();

    /// <inheritdoc cref="CheckLease()"/>
    /// <param name="now">The timestamp of the question.</param>
    public bool CheckLease(out long now) => _lease.Check(out now);

    /// <summary>How long operations take. Who executes them on <see cref="Store"/> says when it begins and ends.</summary>
    public OperationTimes Times { get; }

    /// <summary>Shards that are open here.</summary>
    public int OpenShards => _registry.OpenCount;

    /// <summary>Shards that are open here and on their way to another silo.</summary>
    public int MovingShards => _copies.Progress.Moving;

    /// <summary>What of them has not left yet; an estimate. Bytes.</summary>
    public long MovingBytesLeft => _copies.Progress.MovingBytesLeft;

    /// <summary>How long that still takes, by how fast it has gone between two questions; 0 if that is not known.</summary>
    public long MovingSecondsLeft => _moveEstimate.SecondsLeft(MovingBytesLeft);

    /// <summary>Shards that are open here and whose replica is complete: a crash of this silo does not lose them.</summary>
    public int ProtectedShards => _copies.Progress.Protected;

    /// <summary>Silos that do not answer this one, and are reached through others.</summary>
    public int CutOffSilos => _reach.CutOffCount;

    /// <summary>Reads of other silos' shards that were answered here: see <see cref="CacheOptions.HotCopies"/>.</summary>
    public long HotCopyHits => _hotReads?.Hits ?? 0;

    /// <summary>The greatest difference between this silo's clock and another's.</summary>
    public TimeSpan GreatestClockSkew => _clocks.GreatestSkew;

    /// <summary>
    /// Whether clients may be sent here: this silo has joined and does not leave, it may answer for its shards, and it
    /// has held all that the map gave it, or has waited for long enough (<see cref="CacheOptions.TakeOverTime"/>).
    /// </summary>
    public bool IsReady => _lease.Check() && _readiness.Check(_view.Current);

    /// <summary>The shard of a key.</summary>
    public int ShardOf(ReadOnlySpan<byte> key) => ShardHash.ShardOf(key, _registry.ShardCount);

    /// <summary>
    /// Whether the answer to a change of an open shard has to wait for the shard's replica: then <see cref="Confirm"/> it.
    /// </summary>
    public bool HasToWait(int shard) => _waits.HasToWait(shard);

    /// <summary>Adds a change that was done on this silo to a window: answered when the shard's replica has it.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="status">How it went here.</param>
    /// <param name="number">The new number, of a count.</param>
    /// <param name="window">Gets the status or, when the replica is silent, "outcome unknown". Not full.</param>
    public void Confirm(int shard, CacheStatus status, ulong number, RemoteWindow window)
    {
        int index = window.Begin();
        _waits.Wait(shard, isSafe => window.Answer(index, isSafe ? status : CacheStatus.Unknown, number));
    }

    /// <summary>Adds an operation to a window; it leaves with <see cref="RemoteWindow.Send"/>, or before; or is answered here.</summary>
    /// <param name="operation">Copied before this returns. Its value is at most
    /// <see cref="WireLimits.MaxInlineValueBytes"/> long.</param>
    /// <param name="window">Gets the answer. Not full.</param>
    public void Submit(in PackedOperation operation, RemoteWindow window) =>
        _router.Submit(operation, window, mayDetour: true);

    /// <summary>Opens a long value of any silo for reading.</summary>
    /// <exception cref="OrleansException">The silo could not be reached.</exception>
    public ValueTask<RemoteRead> OpenReadAsync(PagedReadRequest request) => _values.OpenReadAsync(request);

    /// <summary>Opens a long value for writing to any silo.</summary>
    /// <exception cref="OrleansException">The silo could not be reached.</exception>
    public ValueTask<RemoteWrite> OpenWriteAsync(PagedWriteRequest request) => _values.OpenWriteAsync(request);

    /// <summary>Whoever has written a long value is about to be told what has become of it.</summary>
    /// <param name="key">Its key.</param>
    public void EndWrite(ReadOnlySpan<byte> key) => _hotReads?.Forget(ShardHash.Of(key));

    /// <inheritdoc cref="PagedValues.ForwardAsync"/>
    public Task<PagedWriteReply> ForwardAsync(PagedWriteRequest request, StagedValue staged) =>
        _values.ForwardAsync(request, staged);

    /// <summary>Drops everything in the cluster: at a time, or at once if that is not in the future.</summary>
    /// <param name="atUnixMilliseconds">UTC.</param>
    /// <exception cref="OrleansException">A silo could not be reached: its shards may still hold their entries.</exception>
    /// <exception cref="GranaryUnavailableException">Some shards were served nowhere in that time.</exception>
    public async Task FlushAsync(long atUnixMilliseconds)
    {
        await _flush.RunAsync(atUnixMilliseconds);
        _hotReads?.ForgetAll();
    }

    /// <summary>Drops a namespace in the cluster.</summary>
    /// <param name="number">Its number in <see cref="Store"/>.</param>
    /// <exception cref="GranaryUnavailableException">Some shards were served nowhere in that time.</exception>
    public async Task DropNamespaceAsync(int number)
    {
        await _drop.DropPrefixAsync(Store.Namespaces[number].Prefix.ToArray());
        _hotReads?.ForgetAll();
    }
}
