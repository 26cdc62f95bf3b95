using System.Diagnostics;
using System.Runtime.InteropServices;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

// Key -> record, by linear hashing (Litwin 1980): the table grows and shrinks by one bucket at a time, so that no insert
// ever pays for a whole rehash and no moment needs twice the memory.
//
// A bucket is one cache line: 7 slots, and a pointer to an overflow bucket or null. Buckets and overflow buckets lie in
// pages of 16. With L = level and s = split there are 2^L + s buckets; a hash belongs to bucket h mod 2^L, or, if that
// one is split already (< s), to h mod 2^(L+1): see IndexShape. The bits of the tag are at the other end of the hash.
//
// Invariant: each entry's record is live or gone by time or flush, never freed: who frees a record empties its slot.

/// <summary>The index of one shard. Under the shard's lock.</summary>
internal sealed unsafe class ShardIndex
{
    private const int SlotsPerBucket = 7;
    private const int SlotsAndLink = 8;
    private const int BucketsPerPage = IndexPages.PageBytes / (SlotsAndLink * sizeof(ulong));
    private const int PageShift = 4;
    private const int SmallestLevel = PageShift;

    // Grow above 5 of 7 slots used, shrink below 1.5: far enough apart that it does not swing.
    private const int GrowAtEntriesPerBucket = 5;
    private const int StackEntries = 128;

    // More than one, so that it catches up after a scan.
    private const int ShrinkSteps = 2;

    private readonly IndexPages _pageSource;
    private readonly SegmentPool _pool;
    private readonly KeyHash _keyHash;
    private readonly List<nint> _pages = [];
    private readonly List<nint> _overflowPages = [];
    private ulong* _freeOverflow;

    public ShardIndex(IndexPages pages, SegmentPool pool, KeyHash keyHash)
    {
        _pageSource = pages;
        _pool = pool;
        _keyHash = keyHash;
    }

    /// <summary>Entries in it.</summary>
    public int Count { get; private set; }

    /// <summary>Scans under way: until they end it does not shrink, which would move entries to where they have been.</summary>
    public int Scans { get; set; }

    public IndexShape Shape { get; private set; } = new(SmallestLevel, 0);

    private int BucketCount => Shape.BucketCount;

    private bool IsTooLarge => BucketCount > BucketsPerPage && Count < BucketCount + (BucketCount >> 1);

    /// <summary>Finds the slot of a key.</summary>
    /// <returns><see langword="null"/> if the key is not there.</returns>
    public ulong* Find(ulong hash, ReadOnlySpan<byte> key)
    {
        if (_pages.Count == 0)
        {
            return null;
        }

        ulong tag = IndexEntry.Tag(hash);
        for (ulong* bucket = BucketOf(hash); bucket != null; bucket = Link(bucket))
        {
            for (int slot = 0; slot < SlotsPerBucket; slot++)
            {
                if (IndexEntry.HasTag(bucket[slot], tag) && Record.Key(RecordOf(bucket[slot])).SequenceEqual(key))
                {
                    return bucket + slot;
                }
            }
        }

        return null;
    }

    /// <summary>Finds the slot that points to a place.</summary>
    /// <returns><see langword="null"/> if none does.</returns>
    public ulong* Find(ulong hash, Location location)
    {
        if (_pages.Count == 0)
        {
            return null;
        }

        ulong entry = IndexEntry.Make(hash, location);
        for (ulong* bucket = BucketOf(hash); bucket != null; bucket = Link(bucket))
        {
            int slot = new ReadOnlySpan<ulong>(bucket, SlotsPerBucket).IndexOf(entry);
            if (slot >= 0)
            {
                return bucket + slot;
            }
        }

        return null;
    }

    public Record* RecordOf(ulong slot)
    {
        Location location = IndexEntry.LocationOf(slot);
        return _pool.RecordAt(location.Segment, location.Offset);
    }

    /// <summary>Finds an empty slot for a hash, growing the index if need be.</summary>
    /// <returns><see langword="null"/> if that needs a page and there is none.</returns>
    public ulong* Reserve(ulong hash)
    {
        if (_pages.Count == 0 && !TryAddPage())
        {
            return null;
        }

        if (Count >= BucketCount * GrowAtEntriesPerBucket)
        {
            TryGrow();
        }

        return EmptySlot(BucketOf(hash));
    }

    /// <summary>Fills a slot that <see cref="Reserve"/> gave.</summary>
    public void Fill(ulong* slot, ulong entry)
    {
        Debug.Assert(*slot == 0, "A slot is filled once.");
        *slot = entry;
        Count++;
    }

    /// <summary>Empties a slot. Other slots may move: pointers to them are stale.</summary>
    public void Remove(ulong* slot)
    {
        *slot = 0;
        Count--;
        if (Scans > 0)
        {
            return;
        }

        for (int step = 0; step < ShrinkSteps && IsTooLarge; step++)
        {
            TryShrink();
        }
    }

    /// <summary>The first entry of a bucket and its overflow at or behind a position.</summary>
    /// <param name="number">The bucket's number.</param>
    /// <param name="position">Counts slots from the bucket's first; set to where the entry is.</param>
    /// <returns>0 if there is none.</returns>
    public ulong NextEntry(int number, ref int position)
    {
        if (_pages.Count == 0)
        {
            return 0;
        }

        int first = 0;
        for (ulong* bucket = Bucket(number); bucket != null; bucket = Link(bucket), first += SlotsPerBucket)
        {
            for (; position < first + SlotsPerBucket; position++)
            {
                if (bucket[position - first] != 0)
                {
                    return bucket[position - first];
                }
            }
        }

        return 0;
    }

    /// <summary>Calls a function with every entry, then forgets them all and gives the pages back.</summary>
    public void Clear(Action<ulong> forget)
    {
        for (int number = 0; number < BucketCount && _pages.Count > 0; number++)
        {
            for (ulong* bucket = Bucket(number); bucket != null; bucket = Link(bucket))
            {
                for (int slot = 0; slot < SlotsPerBucket; slot++)
                {
                    if (bucket[slot] != 0)
                    {
                        forget(bucket[slot]);
                    }
                }
            }
        }

        ReturnAll(_pages);
        ReturnAll(_overflowPages);
        _freeOverflow = null;
        Shape = new IndexShape(SmallestLevel, 0);
        Count = 0;
    }

    private static ulong* Link(ulong* bucket) => (ulong*)bucket[SlotsPerBucket];

    private void ReturnAll(List<nint> pages)
    {
        foreach (nint page in pages)
        {
            _pageSource.Return((byte*)page);
        }

        pages.Clear();
    }

    private ulong* BucketOf(ulong hash) => Bucket(Shape.BucketOf(hash));

    private ulong* Bucket(int number) =>
        (ulong*)CollectionsMarshal.AsSpan(_pages)[number >> PageShift]
        + ((number & (BucketsPerPage - 1)) * SlotsAndLink);

    private bool TryAddPage()
    {
        byte* page = _pageSource.Take();
        if (page == null)
        {
            return false;
        }

        _pages.Add((nint)page);
        return true;
    }

    // The first empty slot of a bucket and its overflow, adding an overflow bucket at the end.
    private ulong* EmptySlot(ulong* bucket)
    {
        while (true)
        {
            for (int slot = 0; slot < SlotsPerBucket; slot++)
            {
                if (bucket[slot] == 0)
                {
                    return bucket + slot;
                }
            }

            if (Link(bucket) == null)
            {
                if (!HasOverflow())
                {
                    return null;
                }

                ulong* added = _freeOverflow;
                _freeOverflow = Link(added);
                new Span<ulong>(added, SlotsAndLink).Clear();
                bucket[SlotsPerBucket] = (ulong)added;
            }

            bucket = Link(bucket);
        }
    }

    // Whether there is a free overflow bucket, or a page to make some of.
    private bool HasOverflow()
    {
        if (_freeOverflow != null)
        {
            return true;
        }

        byte* page = _pageSource.Take();
        if (page == null)
        {
            return false;
        }

        _overflowPages.Add((nint)page);
        for (int number = 0; number < BucketsPerPage; number++)
        {
            FreeOverflow((ulong*)page + (number * SlotsAndLink));
        }

        return true;
    }

    private void FreeOverflow(ulong* bucket)
    {
        bucket[SlotsPerBucket] = (ulong)_freeOverflow;
        _freeOverflow = bucket;
    }

    // Splits the next bucket in two. Without a page for the new one the index stays as it is: chains grow instead.
    private void TryGrow()
    {
        if ((BucketCount & (BucketsPerPage - 1)) == 0 && !TryAddPage())
        {
            return;
        }

        ulong* source = Bucket(Shape.Split);
        int count = CountEntries(source);
        Span<ulong> entries = count <= StackEntries ? stackalloc ulong[StackEntries] : new ulong[count];
        TakeEntries(source, entries);
        Shape = Shape.Grown;

        // The two need no more overflow buckets than the one had.
        foreach (ulong entry in entries[..count])
        {
            *EmptySlot(BucketOf(_keyHash.Of(Record.Key(RecordOf(entry))))) = entry;
        }
    }

    // Puts the last bucket's entries back into the one it was split from.
    private void TryShrink()
    {
        int last = BucketCount - 1;
        IndexShape shrunk = Shape.Shrunk;
        int target = shrunk.Split;
        int count = CountEntries(Bucket(last));
        int room = (SlotsPerBucket * ChainLength(Bucket(target))) - CountEntries(Bucket(target));
        if (count > room)
        {
            return;
        }

        Span<ulong> entries = count <= StackEntries ? stackalloc ulong[StackEntries] : new ulong[count];
        TakeEntries(Bucket(last), entries);
        Shape = shrunk;
        foreach (ulong entry in entries[..count])
        {
            *EmptySlot(Bucket(target)) = entry;
        }

        if ((last & (BucketsPerPage - 1)) == 0)
        {
            _pageSource.Return((byte*)_pages[^1]);
            _pages.RemoveAt(_pages.Count - 1);
        }
    }

    private static int ChainLength(ulong* bucket)
    {
        int length = 0;
        for (; bucket != null; bucket = Link(bucket))
        {
            length++;
        }

        return length;
    }

    private static int CountEntries(ulong* bucket)
    {
        int count = 0;
        for (; bucket != null; bucket = Link(bucket))
        {
            for (int slot = 0; slot < SlotsPerBucket; slot++)
            {
                count += bucket[slot] != 0 ? 1 : 0;
            }
        }

        return count;
    }

    // Empties a bucket into `entries` and frees its overflow buckets.
    private void TakeEntries(ulong* first, Span<ulong> entries)
    {
        int count = 0;
        for (ulong* bucket = first; bucket != null;)
        {
            for (int slot = 0; slot < SlotsPerBucket; slot++)
            {
                if (bucket[slot] != 0)
                {
                    entries[count++] = bucket[slot];
                }
            }

            ulong* next = Link(bucket);
            if (bucket != first)
            {
                FreeOverflow(bucket);
            }

            bucket = next;
        }

        new Span<ulong>(first, SlotsAndLink).Clear();
    }
}
