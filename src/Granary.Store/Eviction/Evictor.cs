using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Eviction;

// Least recently used, on a log. Time is the log's position: it grows by one with each segment that writers open, and
// every entry carries the position of its last use.
//
// To make room, take the segment of the lowest rank - or, before that, one that is mostly dead bytes - and look at each
// live entry in it. One used after the rank of what would be evicted next is kept: copied to a survivor segment of its
// age (AgeBins), whose rank is the mean last use of what lies in it. The others are dropped. So an entry is looked
// at again when the log's end comes to where the entry belongs in order of use, wherever it was written.
//
// A segment of which nearly everything would be kept is not copied: it gets the mean last use of its entries as its new
// rank. A hot, quiet set then costs a scan of its headers, no copies.
//
// Rejected: one bit per entry and reinsertion at the head (CLOCK), which keeps an entry a whole round too long; on the
// trace orm-busy that is 1 to 5 points below LRU.

/// <summary>Makes room. One thread at a time; takes shards' locks one by one.</summary>
internal sealed unsafe class Evictor(StoreCore core, Shard[] shards)
{
    // Segments of survivors that one call saves before it drops a whole one: bounds the work of one caller.
    private const int MaxSaved = 64;

    // A segment with less live bytes than this share is emptied before the oldest: then 4 copied bytes free 1.
    private const double CompactBelow = 0.75;

    // A segment of which at least this share would be kept is ranked anew instead of copied.
    private const double RerankAbove = 0.97;

    private readonly Lock _lock = new();
    private readonly AgeBins _bins = new(core.Pool, forEvictor: true);
    private long _evictions;

    /// <summary>Entries evicted so far.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Frees segments until writers can take one.</summary>
    /// <returns><see langword="false"/> if there is nothing left to evict.</returns>
    public bool MakeRoom()
    {
        lock (_lock)
        {
            if (!core.Evicts)
            {
                return Compact_NeedsLock();
            }

            for (int saved = 0; !core.Pool.HasRoom; saved++)
            {
                if (!TryEvictOne_NeedsLock(keepNothing: saved >= MaxSaved) && !SealOpen_NeedsLock())
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Removes what is gone by time or flush from one segment.</summary>
    /// <param name="segment">Any segment: one that is open, or holds no records, is left alone.</param>
    /// <returns>Records looked at.</returns>
    public int Sweep(int segment)
    {
        lock (_lock)
        {
            return core.Pool.Segments[segment].State == SegmentState.ChainHead
                ? SweepChain(segment)
                : SweepSegment(segment);
        }
    }

    // Where nothing is evicted: room is what dead bytes have had. What lives is all kept, whenever it was used.
    private bool Compact_NeedsLock()
    {
        for (int emptied = 0; !core.Pool.HasRoom && emptied < MaxSaved; emptied++)
        {
            Victim victim = Victim.Choose(core.Pool, CompactBelow);
            if (!victim.IsSparse || !core.Pool.TryClaim(victim.Segment))
            {
                break;
            }

            EvictSegment(victim, keepAfter: core.Pool.Position - int.MaxValue);
        }

        return core.Pool.HasRoom;
    }

    private bool SealOpen_NeedsLock() => _bins.SealAll() | core.Imports.SealAll() | core.Lanes.SealAll();

    private bool TryEvictOne_NeedsLock(bool keepNothing)
    {
        Victim victim = Victim.Choose(core.Pool, CompactBelow);
        if (victim.Segment < 0)
        {
            return false;
        }

        core.Pool.NoteOldest(victim.OldestRank);
        uint keepAfter = keepNothing ? core.Pool.Position : victim.NextRank;
        if (victim.IsChain)
        {
            EvictChain(victim.Segment, keepAfter);
        }
        else if (core.Pool.TryClaim(victim.Segment))
        {
            EvictSegment(victim, keepAfter);
        }

        return true;
    }

    private void EvictSegment(in Victim victim, uint keepAfter)
    {
        SegmentPool pool = core.Pool;
        if (!victim.IsSparse && TryRerank(victim.Segment, keepAfter))
        {
            return;
        }

        int used = pool.Segments[victim.Segment].UsedBytes;
        for (int offset = 0; offset < used;)
        {
            Record* record = pool.RecordAt(victim.Segment, offset);
            EvictRecord(record, new Location(victim.Segment, offset), keepAfter, victim.OldestRank);
            offset += record->Units * Record.UnitBytes;
        }

        pool.Release(victim.Segment, pool.Segments[victim.Segment].Rank);
    }

    // Estimates without locks how much would be kept; what it reads may change under its eyes, which does no harm.
    private bool TryRerank(int segment, uint keepAfter)
    {
        SegmentPool pool = core.Pool;
        long kept = 0;
        long ageSum = 0;
        int records = 0;
        uint position = pool.Position;
        int used = pool.Segments[segment].UsedBytes;
        for (int offset = 0; offset < used;)
        {
            Record* record = pool.RecordAt(segment, offset);
            int bytes = record->Units * Record.UnitBytes;
            if (!record->IsDead && (int)(record->LastUse - keepAfter) > 0)
            {
                kept += bytes;
                ageSum += position - record->LastUse;
                records++;
            }

            offset += bytes;
        }

        if (kept < pool.SegmentBytes * RerankAbove)
        {
            return false;
        }

        pool.Release(segment, (uint)(position - (ageSum / records)));
        return true;
    }

    private void EvictRecord(Record* record, Location location, uint keepAfter, uint oldestRank)
    {
        Shard shard = shards[record->Shard];
        lock (shard.Gate)
        {
            if (record->IsDead)
            {
                return;
            }

            ulong hash = core.KeyHash.Of(Record.Key(record));
            ulong* slot = shard.Index.Find(hash, location);
            if (slot == null)
            {
                return;
            }

            if (shard.IsGone(record))
            {
                shard.RemoveGone(slot);
            }
            else if ((int)(record->LastUse - keepAfter) > 0 && TryAllocate(record, oldestRank, out Location target))
            {
                Relocate(shard, hash, slot, target);
            }
            else if (core.Evicts)
            {
                Evict(shard, slot);
            }
        }
    }

    private void Relocate(Shard shard, ulong hash, ulong* slot, Location target)
    {
        Record* record = shard.Index.RecordOf(*slot);
        int bytes = record->Units * Record.UnitBytes;
        Buffer.MemoryCopy(record, core.Pool.RecordAt(target.Segment, target.Offset), bytes, bytes);
        Location old = IndexEntry.LocationOf(*slot);
        *slot = IndexEntry.Make(hash, target);
        record->MarkDead();
        core.Pool.RecordDied(old.Segment, bytes);
        if (record->HasExpiry)
        {
            core.Pool.NoteExpiry(target.Segment, Record.Expiry(record));
        }
    }

    private void Evict(Shard shard, ulong* slot)
    {
        Volatile.Write(ref _evictions, _evictions + 1);
        shard.Evict(slot);
    }

    private bool TryAllocate(Record* record, uint oldestRank, out Location target)
    {
        uint position = core.Pool.Position;
        int bin = AgeBins.ByHalves(position - record->LastUse, position - oldestRank);
        return _bins.TryAllocate(bin, record->Units, record->Shard, record->LastUse, out target);
    }

    private void EvictChain(int segment, uint keepAfter)
    {
        Record* record = core.Pool.RecordAt(segment, 0);
        Shard shard = ShardOfChain(record);
        lock (shard.Gate)
        {
            ulong* slot = FindChain(shard, segment);
            if (slot == null)
            {
                return;
            }

            if (shard.IsGone(record))
            {
                shard.RemoveGone(slot);
            }
            else if ((int)(record->LastUse - keepAfter) > 0)
            {
                core.Pool.Segments[segment].Rank = record->LastUse;
            }
            else
            {
                Evict(shard, slot);
            }
        }
    }

    private int SweepChain(int segment)
    {
        Record* record = core.Pool.RecordAt(segment, 0);
        Shard shard = ShardOfChain(record);
        lock (shard.Gate)
        {
            ulong* slot = FindChain(shard, segment);
            if (slot != null && shard.IsGone(record))
            {
                shard.RemoveGone(slot);
            }
            else if (slot != null)
            {
                core.Pool.Segments[segment].EarliestExpiry = Record.Expiry(record);
            }
        }

        return 1;
    }

    // Read before the lock, so perhaps of a chain that is gone: then FindChain finds nothing in any shard.
    private Shard ShardOfChain(Record* record) => shards[Math.Min(record->Shard, shards.Length - 1)];

    // Before the lock was taken the chain may have gone, and its segment may be anything by now.
    private ulong* FindChain(Shard shard, int segment)
    {
        Record* record = core.Pool.RecordAt(segment, 0);
        return core.Pool.Segments[segment].State != SegmentState.ChainHead
            ? null
            : shard.Index.Find(core.KeyHash.Of(Record.Key(record)), new Location(segment, 0));
    }

    private int SweepSegment(int segment)
    {
        SegmentPool pool = core.Pool;
        if (!pool.TryClaim(segment))
        {
            return 0;
        }

        int records = 0;
        long earliest = long.MaxValue;
        int used = pool.Segments[segment].UsedBytes;
        pool.Segments[segment].EarliestExpiry = long.MaxValue; // others may note a new one meanwhile
        for (int offset = 0; offset < used; records++)
        {
            Record* record = pool.RecordAt(segment, offset);
            SweepRecord(record, new Location(segment, offset), ref earliest);
            offset += record->Units * Record.UnitBytes;
        }

        pool.NoteExpiry(segment, earliest);
        pool.Release(segment, pool.Segments[segment].Rank);
        return records;
    }

    private void SweepRecord(Record* record, Location location, ref long earliest)
    {
        Shard shard = shards[record->Shard];
        lock (shard.Gate)
        {
            if (record->IsDead)
            {
                return;
            }

            if (!shard.IsGone(record))
            {
                earliest = record->HasExpiry ? Math.Min(earliest, Record.Expiry(record)) : earliest;
                return;
            }

            ulong* slot = shard.Index.Find(core.KeyHash.Of(Record.Key(record)), location);
            if (slot != null)
            {
                shard.RemoveGone(slot);
            }
        }
    }
}
