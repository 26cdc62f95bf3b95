using System.Runtime.InteropServices;
using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Eviction;

// S3-FIFO's ghost queue, with neither keys nor links nor times. A bucket is a cache line of 32 fingerprints, the newest
// first, and one more pushes the oldest out: so an entry is remembered until 32 others of its bucket have been evicted,
// which is when about as many have been evicted as the table has room for, give or take a sixth (1 / sqrt 32).
//
// The table grows and shrinks by a bucket at a time, as the index does (IndexShape). A fingerprint does not say which of
// the two halves of a bucket that is split it belongs to, so both get it; where it does not belong nobody looks for it
// but one of 65,536, and it is pushed out like the others. A wrong answer costs nothing but a place in the main queue.
//
// Rejected: a ring and a hash table of fingerprints with times, exact, at 8 to 12 bytes an entry instead of 2; one table
// for the store, which would need a lock of its own.

/// <summary>Remembers which keys were evicted last. Under the shard's lock.</summary>
/// <param name="pages">Where its memory comes from, which is of the budget.</param>
internal sealed unsafe class Ghosts(IndexPages pages)
{
    /// <summary>Fingerprints in a bucket.</summary>
    public const int BucketLength = 32;

    private const int BucketsPerPage = IndexPages.PageBytes / (BucketLength * sizeof(ushort));
    private const int FingerprintShift = 48;

    private readonly List<nint> _pages = [];
    private IndexShape _shape = new(Level: 0, Split: 0);

    /// <summary>Most keys that it can remember now.</summary>
    public int Capacity => _pages.Count == 0 ? 0 : _shape.BucketCount * BucketLength;

    /// <summary>Whether a key was evicted a short while ago, and not stored since.</summary>
    /// <param name="hash">The key's.</param>
    public bool Contains(ulong hash) => _pages.Count > 0 && BucketOf(hash).Contains(Fingerprint(hash));

    /// <summary>Brings the table nearer to a capacity by one bucket, if there is memory.</summary>
    /// <remarks>Of writers, who find memory after room was made; the evictor finds none.</remarks>
    /// <param name="wanted">How many keys it is to remember.</param>
    public void Fit(int wanted)
    {
        if (_pages.Count == 0)
        {
            TryAddPage();
        }
        else if (Capacity < wanted)
        {
            TryGrow();
        }
        else if (Capacity - (2 * BucketLength) >= wanted)
        {
            Shrink(); // a bucket later than it could, so that a number that swings a little costs nothing
        }
    }

    /// <summary>Remembers a key.</summary>
    /// <param name="hash">The key's.</param>
    public void Add(ulong hash)
    {
        if (_pages.Count > 0)
        {
            Span<ushort> bucket = BucketOf(hash);
            bucket[..^1].CopyTo(bucket[1..]);
            bucket[0] = Fingerprint(hash);
        }
    }

    /// <summary>Forgets a key.</summary>
    /// <param name="hash">The key's.</param>
    public void Remove(ulong hash)
    {
        if (_pages.Count == 0)
        {
            return;
        }

        Span<ushort> bucket = BucketOf(hash);
        int place = bucket.IndexOf(Fingerprint(hash));
        if (place >= 0)
        {
            bucket[(place + 1)..].CopyTo(bucket[place..]);
            bucket[^1] = 0;
        }
    }

    /// <summary>Forgets all keys and gives the memory back.</summary>
    public void Clear()
    {
        foreach (nint page in _pages)
        {
            pages.Return((byte*)page);
        }

        _pages.Clear();
        _shape = new IndexShape(Level: 0, Split: 0);
    }

    // The index has the low bits for its buckets, as the table has. 0 is an empty place.
    private static ushort Fingerprint(ulong hash) => (ushort)Math.Max(hash >> FingerprintShift, 1);

    private Span<ushort> BucketOf(ulong hash) => Bucket(_shape.BucketOf(hash));

    private Span<ushort> Bucket(int number) => new(
        (ushort*)CollectionsMarshal.AsSpan(_pages)[number / BucketsPerPage] + ((number % BucketsPerPage) * BucketLength),
        BucketLength);

    private void TryGrow()
    {
        int added = _shape.BucketCount;
        if (added % BucketsPerPage != 0 || TryAddPage())
        {
            Bucket(_shape.Split).CopyTo(Bucket(added));
            _shape = _shape.Grown;
        }
    }

    private void Shrink()
    {
        _shape = _shape.Shrunk;
        if (_shape.BucketCount % BucketsPerPage == 0)
        {
            pages.Return((byte*)_pages[^1]);
            _pages.RemoveAt(_pages.Count - 1);
        }
    }

    private bool TryAddPage()
    {
        byte* page = pages.Take();
        if (page == null)
        {
            return false;
        }

        _pages.Add((nint)page);
        return true;
    }
}
