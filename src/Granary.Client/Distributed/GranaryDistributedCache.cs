using System.Buffers;
using System.Text;
using Granary.Wire;
using Microsoft.Extensions.Caching.Distributed;

namespace Granary.Client.Distributed;

// What it does is what .NET's own implementations do; where they differ, what that for Redis does: no options are no
// expiration, an absolute time that has passed is refused, one relative to now goes before an absolute one, and a call whose
// token is cancelled already does nothing.

/// <summary>.NET's distributed cache over Granary's: a value is an entry's bytes. Thread-safe.</summary>
/// <remarks>
/// A synchronous call blocks its thread and nobody else: it takes no other thread to wait or to complete. But to send and to
/// receive Orleans' client needs the thread pool, so a thread of it that is blocked is replaced for as long, up to the pool's
/// maximum. Where that is reached calls end by <see cref="GranaryClientOptions.OperationTimeout"/>.
/// </remarks>
internal sealed class GranaryDistributedCache(
    GranaryCache cache, GranaryDistributedCacheOptions options, TimeProvider time) : IBufferDistributedCache
{
    private readonly string _prefix = options.KeyPrefix;

    public byte[]? Get(string key) => cache.Get<byte[]>(KeyOf(key)).Value;

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        CacheKey entry = KeyOf(key);
        return token.IsCancellationRequested ? Task.FromCanceled<byte[]?>(token) : ReadAsync(entry, token);
    }

    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return cache.Copy(KeyOf(key), destination);
    }

    public ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        CacheKey entry = KeyOf(key);
        return token.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(token)
            : cache.CopyAsync(entry, destination, token);
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        cache.Set(KeyOf(key), value, OptionsOf(options));
    }

    public Task SetAsync(
        string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        CacheKey entry = KeyOf(key);
        EntryOptions entryOptions = OptionsOf(options);
        return token.IsCancellationRequested
            ? Task.FromCanceled(token)
            : cache.SetAsync(entry, value, entryOptions, token).AsTask();
    }

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options)
    {
        CacheKey entry = KeyOf(key);
        EntryOptions entryOptions = OptionsOf(options);
        if (IsPaged(value))
        {
            cache.Set(entry, value.ToArray(), entryOptions);
        }
        else
        {
            cache.Set(entry, value, entryOptions);
        }
    }

    public ValueTask SetAsync(
        string key,
        ReadOnlySequence<byte> value,
        DistributedCacheEntryOptions options,
        CancellationToken token = default)
    {
        CacheKey entry = KeyOf(key);
        EntryOptions entryOptions = OptionsOf(options);
        if (token.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(token);
        }

        return IsPaged(value)
            ? cache.SetAsync(entry, value.ToArray(), entryOptions, token)
            : cache.SetAsync(entry, value, entryOptions, token);
    }

    public void Refresh(string key) => cache.Copy(KeyOf(key), destination: null);

    public Task RefreshAsync(string key, CancellationToken token = default)
    {
        CacheKey entry = KeyOf(key);
        return token.IsCancellationRequested
            ? Task.FromCanceled(token)
            : cache.CopyAsync(entry, destination: null, token).AsTask();
    }

    public void Remove(string key) => cache.Delete(KeyOf(key));

    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        CacheKey entry = KeyOf(key);
        return token.IsCancellationRequested
            ? Task.FromCanceled(token)
            : cache.DeleteAsync(entry, token).AsTask();
    }

    // Pages are sent from the caller's memory until the last has gone. A buffer may be used again by then, if the call was
    // cancelled; what is shorter is packed at once.
    private static bool IsPaged(in ReadOnlySequence<byte> value) => value.Length > WireLimits.MaxInlineValueBytes;

    private async Task<byte[]?> ReadAsync(CacheKey key, CancellationToken token) =>
        (await cache.GetAsync<byte[]>(key, token).ConfigureAwait(false)).Value;

    private CacheKey KeyOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string whole = _prefix.Length == 0 ? key : _prefix + key;
        int length = Encoding.UTF8.GetByteCount(whole);
        return length is > 0 and <= WireLimits.MaxKeyBytes
            ? new CacheKey(whole)
            : throw new ArgumentException(
                $"The key has {length} bytes as UTF-8, with its prefix of {_prefix.Length} characters; it must have 1 to "
                + $"{WireLimits.MaxKeyBytes}.",
                nameof(key));
    }

    private EntryOptions OptionsOf(DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EntryOptions
        {
            Expiration = LifetimeOf(options) is { } lifetime ? Expiration.After(lifetime) : Expiration.Never,
            SlidingExpiration = options.SlidingExpiration,
        };
    }

    // By the client's clock, so that a silo's may be another one.
    private TimeSpan? LifetimeOf(DistributedCacheEntryOptions options)
    {
        TimeSpan? untilThen = options.AbsoluteExpiration - time.GetUtcNow();
        if (untilThen <= TimeSpan.Zero)
        {
#pragma warning disable CA2208, MA0015 // .NET's implementations name the property, no parameter
            throw new ArgumentOutOfRangeException(
                nameof(DistributedCacheEntryOptions.AbsoluteExpiration),
                options.AbsoluteExpiration,
                "The absolute expiration value must be in the future.");
#pragma warning restore CA2208, MA0015
        }

        return options.AbsoluteExpirationRelativeToNow ?? untilThen;
    }
}
