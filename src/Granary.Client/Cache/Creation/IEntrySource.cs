namespace Granary.Client.Cache.Creation;

/// <summary>Where values are that are made when they are missing. Thread-safe.</summary>
/// <typeparam name="T">What is made.</typeparam>
internal interface IEntrySource<T>
{
    ValueTask<CacheEntry<T>> GetAsync(CacheKey key, CancellationToken cancellationToken);

    ValueTask SetAsync(CacheKey key, T value, EntryOptions options, CancellationToken cancellationToken);
}
