using System.Diagnostics.CodeAnalysis;
using Granary.Client.Cache.Creation;
using Granary.Client.Merging;
using Granary.Client.Routing;
using Granary.Watching;
using Granary.Wire;

namespace Granary.Client.Cache.Near;

/// <summary>
/// The cluster's entries, and before them the values that this process keeps. What this process changes it never reads old.
/// Thread-safe.
/// </summary>
internal sealed class NearCache(
    Router router, GranaryCache cache, NearStore store, NearWatches watches, TimeProvider time)
{
    /// <summary>Longest time that a value is kept: silos remember for a minute more that somebody keeps it.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromMinutes(5);

    /// <summary>A value that is kept and may be answered with.</summary>
    public bool TryGet(ulong hash, ReadOnlySpan<byte> key, [NotNullWhen(true)] out NearEntry? entry) =>
        store.TryGet(hash, key, out entry) && entry.Holds(time.GetTimestamp());

    /// <summary>Reads an entry of the cluster, and keeps its value.</summary>
    /// <param name="key">The key, in memory of its own.</param>
    /// <param name="lifetime">How long it is kept at most; not positive: not at all.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    public async ValueTask<NearFinding> ReadAsync(CacheKey key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        byte[] bytes = key.ToArray();
        ulong hash = ShardHash.Of(bytes);
        ShardWatch? watch = lifetime > TimeSpan.Zero ? watches.WatchOf(hash) : null;
        long asked = time.GetTimestamp();
        if (watch is null)
        {
            return FindingOf(await ReadAsync(bytes, isKept: false, cancellationToken).ConfigureAwait(false), asked);
        }

        NearEntry? entry = null;
        long tagDrops = store.TagDrops;
        store.Begin(hash);
        try
        {
            WatchedValue read = await ReadAsync(bytes, isKept: true, cancellationToken).ConfigureAwait(false);
            NearFinding finding = FindingOf(read, asked);
            if (read.MayBeKept)
            {
                entry = new NearEntry
                {
                    Key = bytes,
                    Value = finding.Value!,
                    Watch = watch,
                    Cas = read.Cas,
                    Tags = read.Tags,
                    KeptUntil = Math.Min(After(asked, lifetime < LongestLifetime ? lifetime : LongestLifetime), finding.ExpiresAt),
                    ExpiresAt = finding.ExpiresAt,
                };
            }

            return finding;
        }
        finally
        {
            store.End(hash, entry, tagDrops);
        }
    }

    /// <summary>
    /// As <see cref="ReadAsync(CacheKey, TimeSpan, CancellationToken)"/>, but callers who come together ask once: what they get
    /// was read after the last change that this process has made or heard of, but perhaps before they asked.
    /// </summary>
    public ValueTask<NearFinding> ReadTogetherAsync(CacheKey key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (lifetime <= TimeSpan.Zero)
        {
            return ReadAsync(key, lifetime, cancellationToken);
        }

        byte[] bytes = key.ToArray();
        ulong hash = ShardHash.Of(bytes);
        Flight<NearFinding> flight = store.Share(hash, bytes, out bool isFirst);
        if (isFirst)
        {
            _ = FlyAsync(flight, bytes, hash, lifetime);
        }

        return flight.WaitAsync(cancellationToken);
    }

    public async ValueTask SetAsync(
        CacheKey key, KeptValue value, EntryOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await cache.SetAsync(key, value.Bytes, options with { Flags = value.Flags }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Forget(key); // whatever has come of it
        }
    }

    public async ValueTask RemoveAsync(CacheKey key, CancellationToken cancellationToken)
    {
        try
        {
            await cache.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Forget(key);
        }
    }

    public async ValueTask RemoveByTagAsync(IReadOnlyCollection<string> tags, CancellationToken cancellationToken)
    {
        try
        {
            await cache.RemoveByTagAsync(tags, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (string tag in tags)
            {
                store.TagDropped(TagHash.Of(tag));
            }
        }
    }

    /// <summary>Throws away what is kept of a key, also what is being read.</summary>
    public void Forget(in CacheKey key) =>
        store.Changed(ShardHash.Of(key.AsSpan(stackalloc byte[key.ScratchLength])), cas: 0);

    private async Task FlyAsync(Flight<NearFinding> flight, CacheKey key, ulong hash, TimeSpan lifetime)
    {
        try
        {
            NearFinding finding = await ReadAsync(key, lifetime, flight.Abandoned).ConfigureAwait(false);
            store.Unshare(hash, flight);
            flight.Land(finding);
        }
        catch (Exception failure) // its callers get it
        {
            store.Unshare(hash, flight);
            flight.Crash(failure);
        }
    }

    private ValueTask<WatchedValue> ReadAsync(byte[] key, bool isKept, CancellationToken cancellationToken)
    {
        var operation = WatchedOperation.Start(router.Deadlines.Begin(), cancellationToken);
        router.Submit(
            operation,
            isKept
                ? new PackedOperation
                {
                    Operation = CacheOperation.ReadWith,
                    Key = key,
                    Options = new OperationOptions { Bits = OperationBits.WantsValue | OperationBits.Watches },
                }
                : new PackedOperation { Operation = CacheOperation.Get, Key = key });
        return operation.Task;
    }

    private NearFinding FindingOf(in WatchedValue read, long asked) => read.IsHit
        ? new NearFinding(
            new KeptValue(read.Bytes, read.Flags), read.Lifetime is { } lifetime ? After(asked, lifetime) : long.MaxValue)
        : default;

    private long After(long timestamp, TimeSpan span) =>
        timestamp + (long)Math.Min(span.TotalSeconds * time.TimestampFrequency, long.MaxValue / 4);
}
