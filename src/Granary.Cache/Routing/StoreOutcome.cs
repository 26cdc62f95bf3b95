using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Cache.Routing;

/// <summary>The outcome of an operation on the store, as the wire between silos says it.</summary>
public static class StoreOutcome
{
    /// <summary>The wire's word; a shard that is not open here is <see cref="CacheStatus.NotOwner"/>.</summary>
    public static CacheStatus StatusOf(StoreResult result) => result switch
    {
        StoreResult.Success => CacheStatus.Success,
        StoreResult.NotStored => CacheStatus.NotStored,
        StoreResult.Exists => CacheStatus.Exists,
        StoreResult.NotFound => CacheStatus.NotFound,
        StoreResult.TooLarge => CacheStatus.TooLarge,
        StoreResult.NotNumeric => CacheStatus.NotNumeric,
        StoreResult.NoRoom => CacheStatus.NoRoom,
        _ => CacheStatus.NotOwner,
    };
}
