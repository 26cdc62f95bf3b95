using Granary.Client;

namespace Granary.ClusterTests.Direct;

/// <inheritdoc cref="IAskingGrain"/>
public sealed class AskingGrain(IGranaryCache cache) : Grain, IAskingGrain
{
    /// <inheritdoc/>
    public async Task<string> AskAsync(string[] keys)
    {
        TaskScheduler before = TaskScheduler.Current;
        CacheEntry<string>[] entries = await cache.GetManyAsync<string>(keys);
        CacheEntry<string> first = await cache.GetAsync<string>(keys[0]);
        return TaskScheduler.Current == before && first.IsHit
            ? string.Join(',', entries.Select(static entry => entry.Value))
            : "the grain's turn goes on elsewhere";
    }
}
