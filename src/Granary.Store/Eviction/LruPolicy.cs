using Granary.Store.Memory;

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

/// <summary>Evicts what was used least recently.</summary>
internal sealed unsafe class LruPolicy(SegmentPool pool) : IEvictionPolicy
{
    /// <summary>Segments that it may need while it empties one: what is kept of that may be of all ages.</summary>
    public const int Reserve = AgeBins.Count;

    private readonly AgeBins _bins = new(pool, forEvictor: true);

    public Victim Choose() => Victim.Choose(pool, Evictor.CompactBelow);

    // Estimates without locks how much would be kept; what it reads may change under its eyes, which does no harm.
    public bool TryKeepWhole(in Victim victim)
    {
        long kept = 0;
        long ageSum = 0;
        int records = 0;
        uint position = pool.Position;
        int used = pool.Segments[victim.Segment].UsedBytes;
        for (int offset = 0; offset < used;)
        {
            Record* record = pool.RecordAt(victim.Segment, offset);
            int bytes = record->Units * Record.UnitBytes;
            if (!record->IsDead && IsKept(record, victim))
            {
                kept += bytes;
                ageSum += position - record->LastUse;
                records++;
            }

            offset += bytes;
        }

        if (kept < pool.SegmentBytes * Evictor.KeepWholeAbove)
        {
            return false;
        }

        pool.Release(victim.Segment, (uint)(position - (ageSum / records)));
        return true;
    }

    public bool TryKeep(Record* record, in Victim victim, out Location target)
    {
        target = default;
        if (!IsKept(record, victim))
        {
            return false;
        }

        uint position = pool.Position;
        int bin = AgeBins.ByHalves(position - record->LastUse, position - victim.OldestRank);
        return _bins.TryAllocate(bin, record->Units, record->Shard, record->LastUse, out target);
    }

    public bool TryKeepChain(Record* record, in Victim victim)
    {
        if (!IsKept(record, victim))
        {
            return false;
        }

        pool.Segments[victim.Segment].Rank = record->LastUse;
        return true;
    }

    public bool SealAll() => _bins.SealAll();

    private static bool IsKept(Record* record, in Victim victim) => (int)(record->LastUse - victim.NextRank) > 0;
}
