using Granary.Store.Memory;

namespace Granary.Store.Eviction;

/// <summary>The segment to be emptied next.</summary>
/// <param name="Segment">Its number; -1 if nothing can be evicted.</param>
/// <param name="IsChain">Whether it is the first of a chained record.</param>
/// <param name="IsSparse">Whether it was chosen for its dead bytes, not for its age.</param>
/// <param name="OldestRank">The lowest rank there is.</param>
/// <param name="NextRank">The lowest rank when this segment is gone: entries used later are kept.</param>
internal readonly record struct Victim(int Segment, bool IsChain, bool IsSparse, uint OldestRank, uint NextRank)
{
    /// <summary>Looks at every segment: a few microseconds per thousand, once per segment that is needed.</summary>
    /// <param name="pool">The store's memory. Read without its lock: a segment that changes is refused when claimed.</param>
    /// <param name="sparseBelow">Share of live bytes below which a segment is emptied first.</param>
    public static Victim Choose(SegmentPool pool, double sparseBelow)
    {
        uint position = pool.Position;
        long oldestAge = -1;
        long nextAge = -1;
        int oldest = -1;
        int sparsest = -1;
        int fewestBytes = (int)(pool.SegmentBytes * sparseBelow);
        ReadOnlySpan<Segment> segments = pool.Segments;
        for (int index = 0; index < segments.Length; index++)
        {
            ref readonly Segment segment = ref segments[index];
            if (segment.State is not (SegmentState.Sealed or SegmentState.ChainHead))
            {
                continue;
            }

            if (segment.State == SegmentState.Sealed && segment.LiveBytes < fewestBytes)
            {
                fewestBytes = segment.LiveBytes;
                sparsest = index;
            }

            long age = position - segment.Rank;
            if (age > oldestAge)
            {
                nextAge = oldestAge;
                oldestAge = age;
                oldest = index;
            }
            else if (age > nextAge)
            {
                nextAge = age;
            }
        }

        uint oldestRank = (uint)(position - oldestAge);
        if (sparsest >= 0)
        {
            return new Victim(sparsest, IsChain: false, IsSparse: true, oldestRank, oldestRank);
        }

        return oldest < 0
            ? new Victim(-1, false, false, 0, 0)
            : new Victim(
                oldest,
                segments[oldest].State == SegmentState.ChainHead,
                IsSparse: false,
                oldestRank,
                (uint)(position - Math.Max(nextAge, 0)));
    }
}
