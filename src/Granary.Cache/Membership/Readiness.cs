using Granary.Cache.Shards;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Membership;

// Who replaces silos one by one goes on when the new one is ready: so it is not before it has taken its share over, or
// the next one would leave while shards are still on their way. But every silo answers for every key, and whenever
// another one joins or leaves shards are on their way to all: so what was ready stays so.

/// <summary>Whether clients may be sent to this silo, as far as its shards are concerned. Thread-safe.</summary>
/// <param name="registry">The shards of this silo.</param>
/// <param name="options">Say how long it waits, from its join, for shards that do not come.</param>
/// <param name="time">The clock.</param>
internal sealed class Readiness(ShardRegistry registry, IOptions<CacheOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _joinedAt;
    private bool _isReady;

    /// <summary>Whether clients may be sent here now.</summary>
    public bool Check(ViewSnapshot view)
    {
        if (!view.Silos.Contains(registry.Self))
        {
            return false; // it has not joined, or leaves
        }

        lock (_lock)
        {
            _joinedAt ??= time.GetTimestamp();
            _isReady = _isReady
                || time.GetElapsedTime(_joinedAt.Value) >= options.Value.TakeOverTime
                || view.ShardsOf(registry.Self).All(registry.Store.IsOpen);
            return _isReady;
        }
    }
}
