using Granary.Client.Merging;
using Granary.Client.Routing;
using Granary.Client.Values;
using Granary.Wire;

namespace Granary.Client.Cache;

/// <summary>Stores many entries, in parts: one call cannot fill what may wait. Stateless.</summary>
internal sealed class ManyStores(GranaryCache cache, Router router, EntryCodec codec)
{
    private const int MaxBytesPerPart = 256 << 10;

    public async ValueTask SetAsync<T>(IEnumerable<NewEntry<T>> entries, CancellationToken cancellationToken)
    {
        var part = LinkBatch.Rent();
        foreach (NewEntry<T> entry in entries)
        {
            if (!TryPack(part, entry))
            {
                await cache.SetAsync(entry.Key, entry.Value, entry.Options, cancellationToken).ConfigureAwait(false);
            }

            if (part.OperationBytes >= MaxBytesPerPart || part.Writer.Count >= GranaryCache.MaxKeysPerPart)
            {
                await SetPartAsync(part, cancellationToken).ConfigureAwait(false);
                part = LinkBatch.Rent();
            }
        }

        if (part.Writer.Count > 0)
        {
            await SetPartAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    // False if the value is too long for a batch.
    private bool TryPack<T>(LinkBatch part, in NewEntry<T> entry)
    {
        entry.Key.ThrowIfDefault();
        EncodeBuffer scratch = EncodeBuffer.Rent();
        try
        {
            uint flags = entry.Options.Flags;
            ReadOnlyMemory<byte> bytes = codec.Encode(entry.Value, scratch, ref flags);
            if (bytes.Length > Math.Min(WireLimits.MaxInlineValueBytes, router.MaxValueBytes))
            {
                return false;
            }

            ReadOnlySpan<byte> key = entry.Key.AsSpan(stackalloc byte[entry.Key.ScratchLength]);
            part.Writer.Add(PackedStore.Of(CacheOperation.Set, key, bytes.Span, entry.Options, flags, cas: 0));
            return true;
        }
        finally
        {
            scratch.Return();
        }
    }

    private ValueTask SetPartAsync(LinkBatch part, CancellationToken cancellationToken)
    {
        var operation = StoresOperation.Start(part.Writer.Count, router.Deadlines.Begin(), cancellationToken);
        part.AssignTo(operation);
        router.Submit(part);
        return operation.Task;
    }
}
