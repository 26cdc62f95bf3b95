using Granary.Store.Memory;

namespace Granary.Store.Eviction;

/// <summary>What a look at all segments finds of one queue of S3-FIFO.</summary>
internal struct QueueTail
{
    public QueueTail()
    {
    }

    /// <summary>Segments that it takes, open ones and those of chained records included.</summary>
    public long Segments { get; private set; }

    /// <summary>Its oldest segment that can be evicted; -1 if there is none.</summary>
    public int Oldest { get; private set; } = -1;

    /// <summary>Positions since the rank of that; -1 if there is none.</summary>
    public long Age { get; private set; } = -1;

    /// <summary>Looks at one that is of this queue, or holds no records.</summary>
    public void Add(int index, in Segment segment, uint position, int segmentBytes)
    {
        switch (segment.State)
        {
            case SegmentState.Open:
                Segments++;
                return;
            case SegmentState.Sealed:
                Segments++;
                break;
            case SegmentState.ChainHead:
                Segments += (segment.LiveBytes + segmentBytes - 1) / segmentBytes;
                break;
            default:
                return;
        }

        long age = position - segment.Rank;
        if (age > Age)
        {
            Age = age;
            Oldest = index;
        }
    }
}
