using Orleans.Placement;

namespace Granary.Cache.Shards;

[PreferLocalPlacement]
[Immovable] // by us alone
internal sealed class MoveRehearsalGrain(ShardOpener opener) : Grain, IMoveRehearsalGrain, IGrainMigrationParticipant
{
    private const string Key = "granary.rehearsal";

    private bool _hasMoved;

    public ValueTask<SiloAddress> LocateAsync() => new(GrainContext.Address.SiloAddress!);

    public ValueTask MoveAsync(SiloAddress target)
    {
        new GrainActivation(GrainContext).Migrate(target, default);
        return default;
    }

    public ValueTask EndAsync()
    {
        DeactivateOnIdle();
        return default;
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue(Key, 1L);

    public void OnRehydrate(IRehydrationContext rehydrationContext) =>
        _hasMoved = rehydrationContext.TryGetValue(Key, out long _);

    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        _hasMoved ? opener.RehearseAsync(cancellationToken) : Task.CompletedTask;
}
