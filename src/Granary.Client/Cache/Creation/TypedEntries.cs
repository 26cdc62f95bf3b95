namespace Granary.Client.Cache.Creation;

/// <summary>Entries as values of a type.</summary>
internal sealed class TypedEntries<T>(GranaryCache cache) : IEntrySource<T>
{
    public ValueTask<CacheEntry<T>> GetAsync(CacheKey key, CancellationToken cancellationToken) =>
        cache.GetAsync<T>(key, cancellationToken);

    public ValueTask SetAsync(CacheKey key, T value, EntryOptions options, CancellationToken cancellationToken) =>
        cache.SetAsync(key, value, options, cancellationToken);
}
