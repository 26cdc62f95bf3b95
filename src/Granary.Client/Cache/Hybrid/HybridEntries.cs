using Granary.Client.Cache.Creation;
using Granary.Client.Cache.Near;

namespace Granary.Client.Cache.Hybrid;

/// <summary>The entries of a call, for those who make values.</summary>
internal sealed class HybridEntries(NearCache near, TimeSpan kept) : IEntrySource<KeptValue>
{
    public async ValueTask<CacheEntry<KeptValue>> GetAsync(CacheKey key, CancellationToken cancellationToken) =>
        (await near.ReadAsync(key, kept, cancellationToken).ConfigureAwait(false)).Value is { } value
            ? new CacheEntry<KeptValue>(value, value.Flags, cas: 0)
            : default;

    public ValueTask SetAsync(CacheKey key, KeptValue value, EntryOptions options, CancellationToken cancellationToken) =>
        near.SetAsync(key, value, options, cancellationToken);
}
