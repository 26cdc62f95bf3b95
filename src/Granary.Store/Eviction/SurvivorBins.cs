using System.Runtime.CompilerServices;
using Granary.Store.Memory;

namespace Granary.Store.Eviction;

/// <summary>
/// Where the evictor puts the entries that it keeps: one open segment per range of age, so that entries that were used
/// at about the same time lie together, and their segment takes its place in the order at that time. One thread.
/// </summary>
internal sealed class SurvivorBins(SegmentPool pool)
{
    /// <summary>Open segments: each may need a new one at any time, so the pool keeps as many in reserve.</summary>
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

    /// <summary>Allocates room for a record that was used last at <paramref name="lastUse"/>.</summary>
    /// <param name="source">The record that moves: its units and shard are copied at once.</param>
    /// <param name="lastUse">The log's position at its last use.</param>
    /// <param name="oldestRank">The oldest position in the log.</param>
    /// <param name="location">Where it goes.</param>
    /// <returns><see langword="false"/> if even the reserve is used up.</returns>
    public unsafe bool TryAllocate(Record* source, uint lastUse, uint oldestRank, out Location location)
    {
        uint position = pool.Position;
        ref Bin bin = ref _bins[BinOf(position - lastUse, position - oldestRank)];
        int bytes = source->Units * Record.UnitBytes;
        if (bin.IsOpen && pool.SegmentBytes - bin.Used < bytes)
        {
            Seal(ref bin);
        }

        if (!bin.IsOpen && !TryOpen(ref bin))
        {
            location = default;
            return false;
        }

        location = new Location(bin.Segment, bin.Used);
        Record* record = pool.RecordAt(bin.Segment, bin.Used);
        record->Units = source->Units;
        record->Shard = source->Shard;
        bin.Used += bytes;
        bin.Records++;
        bin.AgeSum += (int)(bin.OpenedAt - lastUse);
        ref Segment segment = ref pool.Segments[bin.Segment];
        segment.UsedBytes = bin.Used;
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

    // Half of the bins for the older half of the log, and so on: the ranges are finest where the next decision is near.
    private static int BinOf(uint age, uint span)
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

    private bool TryOpen(ref Bin bin)
    {
        int segment = pool.Take(SegmentState.Open, forEvictor: true);
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
