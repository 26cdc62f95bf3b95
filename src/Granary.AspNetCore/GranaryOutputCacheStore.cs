using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Granary.Client;
using Granary.Wire;
using Microsoft.AspNetCore.OutputCaching;

namespace Granary.AspNetCore;

/// <summary>Responses as entries of the cluster. Thread-safe.</summary>
/// <remarks>
/// What it throws the middleware logs, and serves the request without the cache: an outage costs speed. A response that is
/// longer than the silos' <c>--max-item</c> is one of these: <see cref="OutputCacheOptions.MaximumBodySize"/> leaves it out.
/// </remarks>
internal sealed class GranaryOutputCacheStore(IGranaryCache cache, GranaryOutputCacheOptions options) : IOutputCacheBufferStore
{
    private readonly string _prefix = options.Prefix;

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
        (await cache.GetAsync<byte[]>(KeyOf(key), cancellationToken).ConfigureAwait(false)).Value;

    public async ValueTask<bool> TryGetAsync(string key, PipeWriter destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        byte[]? value = await GetAsync(key, cancellationToken).ConfigureAwait(false);
        if (value is null)
        {
            return false;
        }

        await destination.WriteAsync(value, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public ValueTask SetAsync(
        string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        return cache.SetAsync(KeyOf(key), value, OptionsOf(tags, validFor), cancellationToken);
    }

    // A long one is sent from its memory until the last page has gone, and the caller's may be used again by then.
    public ValueTask SetAsync(
        string key,
        ReadOnlySequence<byte> value,
        ReadOnlyMemory<string> tags,
        TimeSpan validFor,
        CancellationToken cancellationToken) => value.Length > WireLimits.MaxInlineValueBytes
            ? SetAsync(key, value.ToArray(), tags.ToArray(), validFor, cancellationToken)
            : cache.SetAsync(KeyOf(key), value, OptionsOf(tags.ToArray(), validFor), cancellationToken);

    public ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return cache.RemoveByTagAsync(_prefix + tag, cancellationToken);
    }

    private EntryOptions OptionsOf(string[]? tags, TimeSpan validFor) => new()
    {
        Expiration = validFor,
        Tags = tags is null ? null : [.. tags.Distinct(StringComparer.Ordinal).Select(tag => _prefix + tag)],
    };

    // Keys are what requests vary by, and may be long: then a hash, of which there are no two.
    private CacheKey KeyOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string whole = _prefix + key;
        byte[] bytes = Encoding.UTF8.GetBytes(whole);
        return bytes.Length <= WireLimits.MaxKeyBytes
            ? new CacheKey(whole)
            : new CacheKey($"{_prefix}sha256/{Convert.ToHexStringLower(SHA256.HashData(bytes))}");
    }
}
