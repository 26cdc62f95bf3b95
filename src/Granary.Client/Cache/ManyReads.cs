using Granary.Client.Merging;
using Granary.Client.Routing;
using Granary.Client.Values;

namespace Granary.Client.Cache;

/// <summary>Reads many entries, in parts: one call cannot fill what may wait. Stateless.</summary>
internal sealed class ManyReads(Router router, EntryCodec codec)
{
    public ValueTask<CacheEntry<T>[]> GetAsync<T>(ReadOnlySpan<CacheKey> keys, CancellationToken cancellationToken)
    {
        foreach (ref readonly CacheKey key in keys)
        {
            key.ThrowIfDefault();
        }

        return keys.Length switch
        {
            0 => new ValueTask<CacheEntry<T>[]>([]),
            > GranaryCache.MaxKeysPerPart => GetPartsAsync<T>(keys.ToArray(), cancellationToken),
            _ => GetPartAsync<T>(keys, cancellationToken),
        };
    }

    private ValueTask<CacheEntry<T>[]> GetPartAsync<T>(ReadOnlySpan<CacheKey> keys, CancellationToken cancellationToken)
    {
        var operation = EntriesOperation<T>.Start(codec, keys.Length, router.Deadlines.Begin(), cancellationToken);
        ValueTask<CacheEntry<T>[]> task = operation.Task;
        router.SubmitGets(operation, keys, operation.Order);
        return task;
    }

    private async ValueTask<CacheEntry<T>[]> GetPartsAsync<T>(CacheKey[] keys, CancellationToken cancellationToken)
    {
        var entries = new CacheEntry<T>[keys.Length];
        for (int start = 0; start < keys.Length; start += GranaryCache.MaxKeysPerPart)
        {
            int count = Math.Min(GranaryCache.MaxKeysPerPart, keys.Length - start);
            CacheEntry<T>[] part =
                await GetPartAsync<T>(keys.AsSpan(start, count), cancellationToken).ConfigureAwait(false);
            part.CopyTo(entries, start);
        }

        return entries;
    }
}
