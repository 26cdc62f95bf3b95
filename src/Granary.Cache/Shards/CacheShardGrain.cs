using Granary.Cache.Membership;
using Granary.Cache.Placement;
using Granary.Cache.Routing;
using Granary.Wire;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Granary.Cache.Shards;

// The store is shared with the gateway's threads and locks per shard; the grain only says where the shard is.
[ShardPlacement]
[Immovable] // we move shards, with their entries; Orleans would move them without
[KeepAlive] // an idle shard is still full
[Reentrant] // no state of its own: every call goes to the store, which is thread-safe
internal sealed class CacheShardGrain(ShardRegistry registry, ShardOpener opener, ClusterView view, BatchExecutor executor)
    : Grain, ICacheShardGrain
{
    private int _shard;
    private long _incarnation;

    public ValueTask EnsureActiveAsync() => default;

    public ValueTask<WireBytes> ExecuteAsync(WireBytes batch) => new(executor.ExecuteLocally(batch));

    public ValueTask<ServedSilo> LocateAsync() => new(view.DescribeSelf());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _shard = (int)this.GetPrimaryKeyLong();
        _incarnation = registry.BeginOpening(_shard, GrainContext);

        // A slow activation would delay all others of its batch: after a moment the shard opens in the background.
        return opener.OpenAsync(_shard, _incarnation, cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        registry.Close(_shard, _incarnation, view.Departures);
        return Task.CompletedTask;
    }
}
