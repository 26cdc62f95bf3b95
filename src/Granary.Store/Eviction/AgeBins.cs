using System.Runtime.CompilerServices;
using Granary.Store.Memory;

namespace Granary.Store.Eviction;

/// <summary>
/// Where entries go that are not new: one open segment per range of age, so that entries that were used at about the
/// same time lie together, and their segment takes its place in the order at that time. One thread.
/// </summary>
/// <param name="pool">Where the segments come from.</param>
/// <param name="forEvictor">Whether they may come from the evictor's reserve.</param>
internal sealed class AgeBins(SegmentPool pool, bool forEvictor)
{
    /// <summary>Open segments: the evictor may need a new one for each at any time, so the pool keeps as many in reserve.</summary>
    public const int Count = 6;

    private Bins _bins;

    private struct Bin
    {
        public int Segment;
        public int Used;
        public bool IsOpen;

        // The mean last use of what is in it, as a distance from the position at its opening.
        public uint OpenedAt;
        public long AgeSum;
        public int Records;
    }

    /// <summary>
    /// Half of the bins for the older half of the log, and so on: the ranges are finest where the next decision is near.
    /// </summary>
    /// <param name="age">Positions since the last use.</param>
    /// <param name="span">Positions since the oldest in the log.</param>
    public static int ByHalves(uint age, uint span)
    {
        long left = Math.Max((long)span - age, 0);
        long half = span;
        for (int bin = 0; bin < Count - 1; bin++)
        {
            half >>= 1;
            if (left >= half)
            {
                return bin;
            }
        }

        return Count - 1;
    }

    /// <summary>Ranges of one length.</summary>
    /// <inheritdoc cref="ByHalves"/>
    public static int Evenly(uint age, uint span) =>
        age >= span ? Count - 1 : (int)((long)age * Count / span);

    /// <summary>Allocates room for a record and writes its units and shard.</summary>
    /// <param name="bin">Its range of age.</param>
    /// <param name="units">Its length in units of 8 bytes.</param>
    /// <param name="shard">Whose record it is.</param>
    /// <param name="lastUse">The log's position at its last use.</param>
    /// <param name="location">Where it goes.</param>
    /// <returns><see langword="false"/> if a new segment is needed and the pool has none.</returns>
    public unsafe bool TryAllocate(int bin, ushort units, ushort shard, uint lastUse, out Location location)
    {
        ref Bin target = ref _bins[bin];
        int bytes = units * Record.UnitBytes;
        if (target.IsOpen && pool.SegmentBytes - target.Used < bytes)
        {
            Seal(ref target);
        }

        if (!target.IsOpen && !TryOpen(ref target))
        {
            location = default;
            return false;
        }

        location = new Location(target.Segment, target.Used);
        Record* record = pool.RecordAt(target.Segment, target.Used);
        record->Units = units;
        record->Shard = shard;
        target.Used += bytes;
        target.Records++;
        target.AgeSum += (int)(target.OpenedAt - lastUse);
        ref Segment segment = ref pool.Segments[target.Segment];
        segment.UsedBytes = target.Used;
        Interlocked.Add(ref segment.LiveBytes, bytes);
        return true;
    }

    /// <summary>Ends every open segment, so that it can be evicted.</summary>
    /// <returns>Whether there was any.</returns>
    public bool SealAll()
    {
        bool any = false;
        foreach (ref Bin bin in _bins)
        {
            if (bin.IsOpen)
            {
                Seal(ref bin);
                any = true;
            }
        }

        return any;
    }

    private bool TryOpen(ref Bin bin)
    {
        int segment = pool.Take(SegmentState.Open, forEvictor);
        if (segment < 0)
        {
            return false;
        }

        bin = new Bin { Segment = segment, IsOpen = true, OpenedAt = pool.Position };
        return true;
    }

    private void Seal(ref Bin bin)
    {
        long meanAge = bin.Records == 0 ? 0 : bin.AgeSum / bin.Records;
        pool.Segments[bin.Segment].Rank = (uint)(bin.OpenedAt - meanAge);
        pool.Seal(bin.Segment);
        bin.IsOpen = false;
    }

    [InlineArray(Count)]
    private struct Bins
    {
        private Bin _first;
    }
}
