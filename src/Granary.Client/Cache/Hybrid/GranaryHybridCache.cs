using Granary.Client.Cache.Creation;
using Granary.Client.Cache.Leases;
using Granary.Client.Cache.Near;
using Granary.Client.Routing;
using Granary.Client.Values;
using Granary.Wire;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace Granary.Client.Cache.Hybrid;

/// <summary>.NET's hybrid cache: this process' memory, kept right by the silos, then the cluster, then the factory. Thread-safe.</summary>
/// <remarks>
/// Values are written to the cluster alone, and kept when they are read: only of what is read do silos tell changes. So what is
/// asked for without <see cref="HybridCacheEntryFlags.DisableDistributedCache"/> is coherent, and what is asked for with it is
/// neither stored nor kept.
/// </remarks>
internal sealed class GranaryHybridCache : HybridCache, IDisposable
{
    private static readonly TimeSpan DefaultExpiration = TimeSpan.FromMinutes(5);

    private readonly GranaryHybridCacheOptions _options;
    private readonly HybridKeys _keys;
    private readonly EntryCodec _codec;
    private readonly EntryCodec _plain;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NearWatches _watches;
    private readonly NearCache _near;
    private readonly Creations _creations;
    private readonly Refreshes _refreshes;

    public GranaryHybridCache(
        GranaryHybridCacheOptions options,
        GranaryCache cache,
        Router router,
        MapSource maps,
        EntryCodec codec,
        TimeProvider time,
        ILogger<GranaryHybridCache> logger)
    {
        _options = options;
        _keys = new HybridKeys(options.KeyPrefix);
        _codec = codec;
        _plain = codec.WithoutCompression();
        _time = time;
        _logger = logger;
        var store = new NearStore(Math.Max(3, options.MaxNearEntries), options.MaxNearBytes);
        _watches = new NearWatches(maps, time, options.MaxStaleness, change => Tell(store, change), logger);
        _near = new NearCache(router, cache, store, _watches, time);
        var leases = new GranaryLeases(cache, time);
        _creations = new Creations(leases, time, logger);
        _refreshes = new Refreshes(leases, time, logger);
    }

    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ReadOnlySpan<byte> bytes = _keys.Of(key, stackalloc byte[_keys.ScratchLengthOf(key)]);
        if (!FlagsOf(options).HasFlag(HybridCacheEntryFlags.DisableLocalCacheRead)
            && _near.TryGet(ShardHash.Of(bytes), bytes, out NearEntry? kept))
        {
            HybridMeter.NearHits.Add(1);
            RefreshIfDue(kept.Key, kept.ExpiresAt, state, factory, options, tags);
            return new ValueTask<T>(kept.Value.Read<T>(_codec));
        }

        return FindOrCreateAsync(bytes.ToArray(), state, factory, options, tags, cancellationToken);
    }

    public override ValueTask SetAsync<T>(
        string key,
        T value,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        CacheKey whole = KeyOf(key);
        if (FlagsOf(options).HasFlag(HybridCacheEntryFlags.DisableDistributedCacheWrite))
        {
            _near.Forget(whole);
            return default;
        }

        HybridEntry entry = EntryOf(options, tags);
        return _near.SetAsync(whole, KeptValue.Of(value, entry.Codec), entry.Stored, cancellationToken);
    }

    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) =>
        _near.RemoveAsync(KeyOf(key), cancellationToken);

    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) =>
        _near.RemoveByTagAsync([_keys.TagOf(tag)], cancellationToken);

    public override ValueTask RemoveByTagAsync(IEnumerable<string> tags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return _near.RemoveByTagAsync([.. tags.Select(_keys.TagOf)], cancellationToken);
    }

    public void Dispose()
    {
        _watches.Dispose();
        _refreshes.Dispose();
    }

    private static void Tell(NearStore store, EntryChange change)
    {
        int removed = change.Kind switch
        {
            EntryChangeKind.Entry => store.Changed(change.Subject, change.Cas) ? 1 : 0,
            EntryChangeKind.Tag => store.TagDropped(change.Subject),
            _ => 0,
        };
        if (removed > 0)
        {
            HybridMeter.Invalidations.Add(removed);
        }
    }

    private HybridCacheEntryFlags FlagsOf(HybridCacheEntryOptions? options) =>
        options?.Flags ?? _options.DefaultEntryOptions?.Flags ?? HybridCacheEntryFlags.None;

    private CacheKey KeyOf(string key) => _keys.Of(key, stackalloc byte[_keys.ScratchLengthOf(key)]).ToArray();

    private TimeSpan ExpirationOf(HybridCacheEntryOptions? options) =>
        options?.Expiration ?? _options.DefaultEntryOptions?.Expiration ?? DefaultExpiration;

    private TimeSpan DueBeforeEndOf(HybridCacheEntryOptions? options) =>
        _options.StaleFor + (_options.RefreshAfter is { } part ? (1 - part) * ExpirationOf(options) : TimeSpan.Zero);

    private HybridEntry EntryOf(HybridCacheEntryOptions? options, IEnumerable<string>? tags)
    {
        TimeSpan expiration = ExpirationOf(options);
        TimeSpan kept = options?.LocalCacheExpiration ?? _options.DefaultEntryOptions?.LocalCacheExpiration ?? expiration + _options.StaleFor;
        HybridCacheEntryFlags flags = FlagsOf(options);
        bool isKept = _options.MaxNearEntries > 0 && !flags.HasFlag(HybridCacheEntryFlags.DisableLocalCacheWrite);
        return new HybridEntry
        {
            Codec = flags.HasFlag(HybridCacheEntryFlags.DisableCompression) ? _plain : _codec,
            Stored = new EntryOptions { Expiration = expiration + _options.StaleFor, Tags = _keys.TagsOf(tags) },
            Kept = isKept ? kept : TimeSpan.Zero,
            DueBeforeEnd = DueBeforeEndOf(options),
        };
    }

    private async ValueTask<T> FindOrCreateAsync<TState, T>(
        CacheKey key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options,
        IEnumerable<string>? tags,
        CancellationToken cancellationToken)
    {
        HybridCacheEntryFlags flags = FlagsOf(options);
        HybridEntry entry = EntryOf(options, tags);
        bool isAway = flags.HasFlag(HybridCacheEntryFlags.DisableDistributedCacheWrite);
        if (!flags.HasFlag(HybridCacheEntryFlags.DisableDistributedCacheRead))
        {
            try
            {
                NearFinding found = await _near.ReadTogetherAsync(key, entry.Kept, cancellationToken).ConfigureAwait(false);
                if (found.Value is { } value)
                {
                    HybridMeter.ClusterHits.Add(1);
                    RefreshIfDue(key, found.ExpiresAt, state, factory, options, tags);
                    return value.Read<T>(_codec);
                }
            }
            catch (GranaryUnavailableException failure)
            {
                Log.MadeWithoutCluster(_logger, failure);
                isAway = true;
            }
        }

        HybridMeter.Misses.Add(1);
        if (flags.HasFlag(HybridCacheEntryFlags.DisableUnderlyingData))
        {
            return default!;
        }

        KeptValue made = await _creations
            .CreateAsync(
                new HybridEntries(_near, entry.Kept),
                key,
                (state, factory, entry.Codec),
                static (call, token) => MakeAsync(call.state, call.factory, call.Codec, token),
                entry.Stored,
                isAway,
                cancellationToken)
            .ConfigureAwait(false);
        return made.Read<T>(_codec);
    }

    private static async ValueTask<KeptValue> MakeAsync<TState, T>(
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        EntryCodec codec,
        CancellationToken cancellationToken) =>
        KeptValue.Of(await factory(state, cancellationToken).ConfigureAwait(false), codec);

    private void RefreshIfDue<TState, T>(
        in CacheKey key,
        long expiresAt,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options,
        IEnumerable<string>? tags)
    {
        if (_options.StaleFor > TimeSpan.Zero || _options.RefreshAfter is not null)
        {
            HybridCacheEntryFlags flags = FlagsOf(options);
            bool mayMake = (flags & (HybridCacheEntryFlags.DisableUnderlyingData | HybridCacheEntryFlags.DisableDistributedCacheWrite))
                == HybridCacheEntryFlags.None;
            if (mayMake && IsDue(expiresAt, DueBeforeEndOf(options)) && !_refreshes.IsRunning(key))
            {
                Refresh(key, state, factory, EntryOf(options, tags));
            }
        }
    }

    private bool IsDue(long expiresAt, TimeSpan dueBeforeEnd) =>
        expiresAt != long.MaxValue && _time.GetElapsedTime(_time.GetTimestamp(), expiresAt) <= dueBeforeEnd;

    private void Refresh<TState, T>(
        CacheKey key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridEntry entry) =>
        _refreshes.Begin(key, async ending =>
        {
            NearFinding found = await _near.ReadAsync(key, entry.Kept, ending).ConfigureAwait(false);
            if (found.Value is not null && !IsDue(found.ExpiresAt, entry.DueBeforeEnd))
            {
                return; // another process was first
            }

            HybridMeter.Refreshes.Add(1);
            KeptValue made = await MakeAsync(state, factory, entry.Codec, ending).ConfigureAwait(false);
            await _near.SetAsync(key, made, entry.Stored, ending).ConfigureAwait(false);
        });
}
