using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Eviction;

// S3-FIFO (Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023), on a log. A queue is the segments
// that are its own, in the order of their ranks: the small one those that the lanes have written, the main one the rest.
// Uses are counted in the record, up to three.
//
// To make room, the oldest segment of the small queue is emptied while that is a tenth of all or more, else the main
// queue's. What was used twice in the small queue goes to the main one with no use; the rest is dropped, and its shard
// remembers fingerprints of as many as it has entries (Ghosts): what is stored again meanwhile goes to the main queue at
// once. What was used in the main queue is appended to it again with one use less. All that is appended to the main queue
// goes to one open segment, whoever appends it: few are, so writers seldom meet there.
//
// A segment that is mostly dead bytes is emptied first, as under LRU, but its live entries stay in their queue, in the
// order of the segments that they come from (AgeBins). Nothing is counted then.

/// <summary>Evicts what is new and not used soon, before what was used least among the rest.</summary>
internal sealed unsafe class S3FifoPolicy(SegmentPool pool, Lane main, Shard[] shards) : IEvictionPolicy
{
    /// <summary>Segments that it may need while it empties one: what is kept fills no more than that, and writers of
    /// the main queue may fill a part of it.</summary>
    public const int Reserve = 2;

    // The paper's: a tenth of the cache for the small queue, and two uses to leave it for the main one.
    private const int SmallShare = 10;
    private const int UsesForMain = 2;

    // The small queue is short: what is saved of its sparse segments goes to one bin, the main queue's to the others.
    private const int SmallBin = AgeBins.Count - 1;

    private readonly AgeBins _saved = new(pool, forEvictor: true);

    public Victim Choose()
    {
        uint position = pool.Position;
        var smallTail = new QueueTail();
        var mainTail = new QueueTail();
        int sparsest = -1;
        int fewestBytes = (int)(pool.SegmentBytes * Evictor.CompactBelow);
        ReadOnlySpan<Segment> segments = pool.Segments;
        for (int index = 0; index < segments.Length; index++)
        {
            ref readonly Segment segment = ref segments[index];
            ref QueueTail tail = ref (segment.IsMain ? ref mainTail : ref smallTail);
            tail.Add(index, segment, position, pool.SegmentBytes);
            if (segment.State == SegmentState.Sealed && segment.LiveBytes < fewestBytes)
            {
                fewestBytes = segment.LiveBytes;
                sparsest = index;
            }
        }

        uint oldestRank = (uint)(position - Math.Max(smallTail.Age, mainTail.Age));
        if (sparsest >= 0)
        {
            return new Victim(sparsest, IsChain: false, IsSparse: true, oldestRank, oldestRank);
        }

        bool isSmall = mainTail.Oldest < 0
            || (smallTail.Oldest >= 0 && smallTail.Segments * SmallShare >= smallTail.Segments + mainTail.Segments);
        int oldest = isSmall ? smallTail.Oldest : mainTail.Oldest;
        bool isChain = oldest >= 0 && segments[oldest].State == SegmentState.ChainHead;
        return new Victim(oldest, isChain, IsSparse: false, oldestRank, oldestRank);
    }

    // Of the main queue only: there each entry takes the same place again, and a copy would do no more.
    public bool TryKeepWhole(in Victim victim)
    {
        if (!pool.Segments[victim.Segment].IsMain || !IsUsedThroughout(victim.Segment))
        {
            return false;
        }

        int used = pool.Segments[victim.Segment].UsedBytes;
        for (int offset = 0; offset < used;)
        {
            Record* record = pool.RecordAt(victim.Segment, offset);
            lock (shards[record->Shard].Gate)
            {
                record->Uses = Math.Max(record->Uses - 1, 0);
            }

            offset += record->Units * Record.UnitBytes;
        }

        pool.Advance(victim.Segment);
        pool.Release(victim.Segment, pool.Segments[victim.Segment].Rank);
        return true;
    }

    public bool TryKeep(Record* record, in Victim victim, out Location target)
    {
        bool isMain = pool.Segments[victim.Segment].IsMain;
        if (victim.IsSparse)
        {
            return TrySave(record, victim, isMain, out target);
        }

        target = default;
        if (!HasUses(record, isMain)
            || !main.TryAllocate(record->Units * Record.UnitBytes, record->Shard, out target, forEvictor: true))
        {
            return false;
        }

        record->Uses = UsesInMain(record, isMain);
        return true;
    }

    public bool TryKeepChain(Record* record, in Victim victim)
    {
        ref Segment segment = ref pool.Segments[victim.Segment];
        if (!HasUses(record, segment.IsMain))
        {
            return false;
        }

        record->Uses = UsesInMain(record, segment.IsMain);
        segment.IsMain = true;
        pool.Advance(victim.Segment);
        return true;
    }

    public bool SealAll() => _saved.SealAll() | main.Seal();

    private static bool HasUses(Record* record, bool isMain) => record->Uses >= (isMain ? 1 : UsesForMain);

    private static int UsesInMain(Record* record, bool wasMain) => wasMain ? record->Uses - 1 : 0;

    private bool TrySave(Record* record, in Victim victim, bool isMain, out Location target)
    {
        uint position = pool.Position;
        uint rank = pool.Segments[victim.Segment].Rank;
        int bin = isMain
            ? Math.Min(AgeBins.ByHalves(position - rank, position - victim.OldestRank), SmallBin - 1)
            : SmallBin;
        if (!_saved.TryAllocate(bin, record->Units, record->Shard, rank, out target))
        {
            return false;
        }

        pool.Segments[target.Segment].IsMain = isMain;
        return true;
    }

    // Estimates without locks; what it reads may change under its eyes, which does no harm.
    private bool IsUsedThroughout(int segment)
    {
        long kept = 0;
        int used = pool.Segments[segment].UsedBytes;
        for (int offset = 0; offset < used;)
        {
            Record* record = pool.RecordAt(segment, offset);
            int bytes = record->Units * Record.UnitBytes;
            kept += !record->IsDead && record->Uses > 0 ? bytes : 0;
            offset += bytes;
        }

        return kept >= pool.SegmentBytes * Evictor.KeepWholeAbove;
    }
}
