using Granary.Cache.Membership;

namespace Granary.Cache.Shards;

// When a silo joins or is about to leave, the map gives shards to others at once, and they stay for seconds, or minutes if
// they are large, with who has them. Whoever went by the map would come to a silo that has just started, and be sent on
// from there. Every silo hears who serves a shard before it is served there (ShardSlot). What was announced before it joined
// is where the map said before the change.

/// <summary>Where shards are, as far as this silo knows. Thread-safe.</summary>
internal sealed class ShardLocator(ShardRegistry registry)
{
    private ViewSnapshot? _view;

    /// <summary>The view has changed. One call at a time.</summary>
    public void Follow(ViewSnapshot view)
    {
        for (int shard = 0; _view is not null && shard < registry.ShardCount; shard++)
        {
            long announced = registry[shard].Announced;
            SiloAddress? last = registry[shard].Owner;
            bool isUnknown = last is null || (_view.IsMember(last) && !view.IsMember(last));
            if (isUnknown && _view.OwnerOf(shard) is { } owner && view.IsMember(owner))
            {
                registry[shard].Located(owner, announced);
            }
        }

        _view = view;
    }

    /// <summary>The silo that serves a shard, or should; <see langword="null"/> while no silo can.</summary>
    public SiloAddress? HolderOf(int shard, ViewSnapshot view)
    {
        if (registry[shard].ServedTerm != 0)
        {
            return registry.Self;
        }

        SiloAddress? last = registry[shard].Owner;
        if (last is not null && view.IsMember(last))
        {
            return last;
        }

        // A silo that has just joined has heard nothing yet: what it is to get is where it would be without it.
        SiloAddress? owner = view.OwnerOf(shard);
        bool isToCome = last is null && registry.Self.Equals(owner);
        return isToCome ? view.HeirOf(shard) ?? owner : owner;
    }
}
