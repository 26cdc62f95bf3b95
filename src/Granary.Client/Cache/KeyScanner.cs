using System.Runtime.CompilerServices;
using System.Text;
using Granary.Client.Routing;
using Granary.Wire;

namespace Granary.Client.Cache;

/// <summary>Walks over the keys of all shards, one after another, a page at a time. Thread-safe.</summary>
internal sealed class KeyScanner(Router router, IClusterAccess cluster)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Backoff _backoff = new(new Random());

    public async IAsyncEnumerable<CacheKey> ScanAsync(
        ReadOnlyMemory<byte> prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int shards = await ShardCountAsync().ConfigureAwait(false);
        for (int shard = 0; shard < shards; shard++)
        {
            var page = new ScanReply { Status = CacheStatus.Success };
            while (!page.IsEnd)
            {
                var request = new ScanRequest { Prefix = prefix, Origin = page.Origin, Next = page.Next };
                page = await ReadAsync(shard, shards, request, cancellationToken).ConfigureAwait(false);
                foreach (byte[] key in page.Keys)
                {
                    yield return KeyOf(key);
                }
            }
        }
    }

    // Text says more than bytes to whoever prints it.
    private static CacheKey KeyOf(byte[] key)
    {
        try
        {
            return new CacheKey(Utf8.GetString(key));
        }
        catch (DecoderFallbackException)
        {
            return key;
        }
    }

    private async Task<ScanReply> ReadAsync(
        int shard, int shards, ScanRequest request, CancellationToken cancellationToken)
    {
        long deadline = router.Deadlines.Begin();
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await ShardCountAsync().ConfigureAwait(false) != shards)
            {
                throw new GranaryUnavailableException(
                    $"The cluster had {shards} shards and was started anew with another number: scan once more.");
            }

            try
            {
                ScanReply reply = await cluster
                    .ScanAsync(shard, request).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
                if (reply.Status == CacheStatus.Success)
                {
                    return reply;
                }
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested) // the edge: one page
            {
                router.Deadlines.LastFailure = error;
            }

            await router.Deadlines.PauseAsync(_backoff.Before(attempt), deadline)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<int> ShardCountAsync() =>
        (await router.TableAsync(router.Deadlines.Begin()).ConfigureAwait(false)).Map.ShardCount;
}
