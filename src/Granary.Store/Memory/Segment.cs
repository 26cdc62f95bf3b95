namespace Granary.Store.Memory;

/// <summary>What the pool knows of one segment.</summary>
internal struct Segment
{
    /// <summary>The cost of a segment beside its bytes, which counts against the budget.</summary>
    public const int OverheadBytes = 40;

    /// <summary>The earliest expiry of a record in it, or later records' hint that it holds dead ones. UTC milliseconds.</summary>
    public long EarliestExpiry;

    /// <summary>Bytes of live records. Changed with Interlocked: its records belong to many shards.</summary>
    public int LiveBytes;

    /// <summary>Bytes allocated from its start.</summary>
    public int UsedBytes;

    /// <summary>Its place in the order of eviction: the log's position when it was opened.</summary>
    public uint Rank;

    /// <summary>The next segment of a chain or of the free list; -1 for none.</summary>
    public int Next;

    /// <summary>Readers of a chained record. Under the pool's lock.</summary>
    public int Pins;

    public SegmentState State;

    /// <summary>Whether its records are in the main queue of S3-FIFO. No segment's are under LRU.</summary>
    public bool IsMain;

    /// <summary>A record in it may expire at this time. By any thread.</summary>
    public void NoteExpiry(long expiresAt)
    {
        long seen = Volatile.Read(ref EarliestExpiry);
        while (expiresAt < seen)
        {
            long before = Interlocked.CompareExchange(ref EarliestExpiry, expiresAt, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
