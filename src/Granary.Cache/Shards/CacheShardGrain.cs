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
internal sealed class CacheShardGrain(
    ShardRegistry registry, ShardOpener opener, ClusterView view, BatchExecutor executor, KeyScans scans)
    : Grain, ICacheShardGrain, IGrainMigrationParticipant
{
    private const string TermKey = "granary.term";
    private const string CopyKey = "granary.copy";

    private ShardSlot? _slot;
    private long _incarnation;
    private GrainActivation? _activation;
    private OpeningTicket? _ticket;

    public ValueTask EnsureActiveAsync() => default;

    public ValueTask<WireBytes> ExecuteAsync(WireBytes batch) => executor.ExecuteLocallyAsync(batch);

    public ValueTask<ScanReply> ScanAsync(ScanRequest request) => scans.ReadAsync((int)this.GetPrimaryKeyLong(), request);

    public ValueTask<ServedSilo> LocateAsync() => new(view.DescribeSelf());

    // The entries are there already, or found by asking around; only the ticket travels with the activation.
    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        if (_activation?.Ticket is { } ticket)
        {
            dehydrationContext.TryAddValue(TermKey, ticket.Term);
            dehydrationContext.TryAddValue(CopyKey, ticket.Copy);
        }
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (rehydrationContext.TryGetValue(TermKey, out long term)
            && rehydrationContext.TryGetValue(CopyKey, out long copy))
        {
            _ticket = new OpeningTicket(term, copy);
        }
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        int shard = (int)this.GetPrimaryKeyLong();
        _slot = registry[shard];
        _activation = new GrainActivation(GrainContext);
        _incarnation = _slot.BeginOpening(_activation);

        // A slow activation would delay all others of its batch: after a moment the shard opens in the background.
        return opener.OpenAsync(shard, _incarnation, _ticket, cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _slot?.Close(_incarnation);
        return Task.CompletedTask;
    }
}
