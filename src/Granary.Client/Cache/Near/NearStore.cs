using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Lru;
using Granary.Client.Cache.Creation;

namespace Granary.Client.Cache.Near;

// A change that is heard while a read is under way may be older or newer than what the read brings. So reads are noted when
// they begin, changes are noted with them, and a value is kept only if no change was heard, or the last one has its cas.

/// <summary>
/// Values that are kept in this process, the least recently used thrown away first. Entries are found by the hash that silos
/// tell changes by. Thread-safe.
/// </summary>
internal sealed class NearStore
{
    private const int StripeCount = 64;
    private const int TrimPart = 16; // of the entries, when there are too many bytes

    private readonly ConcurrentLru<ulong, NearEntry> _entries;
    private readonly Stripe[] _stripes = new Stripe[StripeCount];
    private readonly long _maxBytes;
    private long _bytes;
    private long _tagDrops;

    /// <param name="maxEntries">At least 3.</param>
    /// <param name="maxBytes">Of keys, values and what they take beside that.</param>
    public NearStore(int maxEntries, long maxBytes)
    {
        _maxBytes = maxBytes;
        _entries = new ConcurrentLru<ulong, NearEntry>(maxEntries);
        _entries.Events.Value!.ItemRemoved += (_, removed) => Interlocked.Add(ref _bytes, -removed.Value!.Bytes);
        for (int i = 0; i < StripeCount; i++)
        {
            _stripes[i] = new Stripe();
        }
    }

    public int Count => _entries.Count;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Tags dropped so far: for <see cref="End"/>.</summary>
    public long TagDrops => Interlocked.Read(ref _tagDrops);

    public bool TryGet(ulong hash, ReadOnlySpan<byte> key, [NotNullWhen(true)] out NearEntry? entry) =>
        _entries.TryGet(hash, out entry) && key.SequenceEqual(entry.Key);

    /// <summary>A key is read from its silo, to be kept. <see cref="End"/> must follow.</summary>
    public void Begin(ulong hash)
    {
        Stripe stripe = StripeOf(hash);
        lock (stripe)
        {
            if (!stripe.Reads.TryGetValue(hash, out NearRead? read))
            {
                stripe.Reads[hash] = read = new NearRead();
            }

            read.Readers++;
        }
    }

    /// <summary>A read has ended.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="entry">What is to be kept; <see langword="null"/> for nothing.</param>
    /// <param name="tagDrops"><see cref="TagDrops"/> before the read.</param>
    public void End(ulong hash, NearEntry? entry, long tagDrops)
    {
        Stripe stripe = StripeOf(hash);
        lock (stripe)
        {
            NearRead read = stripe.Reads[hash];
            if (--read.Readers == 0)
            {
                stripe.Reads.Remove(hash);
            }

            if (entry is null || !read.Accepts(entry.Cas) || (entry.Tags.Length > 0 && tagDrops != TagDrops))
            {
                return;
            }

            _entries.TryRemove(hash);
            Interlocked.Add(ref _bytes, entry.Bytes);
            _entries.AddOrUpdate(hash, entry);
        }

        if (Bytes > _maxBytes)
        {
            Trim();
        }
    }

    /// <summary>
    /// Joins a read of a key that is under way, unless a change was heard since it began; or begins one, and then
    /// <see cref="Unshare"/> must follow.
    /// </summary>
    public Flight<NearFinding> Share(ulong hash, byte[] key, out bool isFirst)
    {
        Stripe stripe = StripeOf(hash);
        lock (stripe)
        {
            isFirst = !(stripe.Shared.TryGetValue(hash, out SharedRead? read)
                && read.TagDrops == TagDrops && key.AsSpan().SequenceEqual(read.Key) && read.Flight.TryJoin());
            if (isFirst)
            {
                stripe.Shared[hash] = read = new SharedRead(key, new Flight<NearFinding>(), TagDrops);
            }

            return read!.Flight;
        }
    }

    /// <summary>A read is over, and joined no more.</summary>
    public void Unshare(ulong hash, Flight<NearFinding> flight)
    {
        Stripe stripe = StripeOf(hash);
        lock (stripe)
        {
            if (stripe.Shared.TryGetValue(hash, out SharedRead? read) && read.Flight == flight)
            {
                stripe.Shared.Remove(hash);
            }
        }
    }

    /// <summary>An entry was changed.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="cas">Its cas since; 0: what is kept is old in any case.</param>
    /// <returns>Whether something was kept.</returns>
    public bool Changed(ulong hash, ulong cas)
    {
        Stripe stripe = StripeOf(hash);
        lock (stripe)
        {
            if (stripe.Reads.TryGetValue(hash, out NearRead? read))
            {
                read.Changed(cas);
            }

            stripe.Shared.Remove(hash);
            return _entries.TryGet(hash, out NearEntry? entry) && entry.Cas != cas && _entries.TryRemove(hash);
        }
    }

    /// <summary>The entries of a tag were dropped.</summary>
    /// <returns>How many were kept.</returns>
    public int TagDropped(ulong tag)
    {
        Interlocked.Increment(ref _tagDrops);
        int removed = 0;
        foreach (KeyValuePair<ulong, NearEntry> kept in _entries)
        {
            if (Array.IndexOf(kept.Value.Tags, tag) >= 0)
            {
                removed += Changed(kept.Key, cas: 0) ? 1 : 0;
            }
        }

        return removed;
    }

    private Stripe StripeOf(ulong hash) => _stripes[hash % StripeCount];

    private void Trim()
    {
        while (Bytes > _maxBytes && _entries.Count > 0)
        {
            _entries.Policy.Eviction.Value!.Trim(Math.Max(1, _entries.Count / TrimPart));
        }
    }

    private sealed class Stripe
    {
        public Dictionary<ulong, NearRead> Reads { get; } = [];

        public Dictionary<ulong, SharedRead> Shared { get; } = [];
    }

    private sealed record SharedRead(byte[] Key, Flight<NearFinding> Flight, long TagDrops);
}
