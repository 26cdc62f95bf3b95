using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Namespaces;

/// <summary>The entry that was used longest ago of those looked at.</summary>
/// <param name="Shard">Its shard; <see langword="null"/> if there is none yet.</param>
/// <param name="Hash">Its key's.</param>
/// <param name="Location">Its record's.</param>
/// <param name="Idle">How long ago it was used last: grows with that.</param>
/// <param name="Cas">Its own, so that it is not taken for another one.</param>
internal readonly record struct QuotaVictim(Shard? Shard, ulong Hash, Location Location, ulong Idle, ulong Cas)
{
    /// <summary>Whether another entry leaves before it: of two that were used at the same time, the one stored first.</summary>
    public bool IsNewerThan(ulong idle, ulong cas) =>
        Shard is null || idle > Idle || (idle == Idle && cas < Cas);
}
