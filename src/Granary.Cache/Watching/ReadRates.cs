namespace Granary.Cache.Watching;

// A key is counted in the one cell that its hash names. Keys that share a cell vote it down until it is theirs (Boyer and
// Moore's majority vote), so a key that is read more often than its neighbours together is counted, however many there are. A
// count is halved for each period that has passed. Counts that two threads write at once are lost: a key is hot a read later.

/// <summary>Which keys are read often: a count for each of <see cref="CellCount"/> hashes, 32 KiB. Thread-safe, without locks.</summary>
internal sealed class ReadRates
{
    public const int CellCount = 1 << CellBits;

    private const int CellBits = 12;
    private const int CountBits = 16;
    private const int PeriodBits = 16;
    private const ulong Mix = 0x9E3779B97F4A7C15; // 2^64 by the golden ratio: keys of a shard are not to share cells

    // A cell: [tag: 32][period: 16][count: 16]
    private readonly ulong[] _cells = new ulong[CellCount];
    private readonly long _period;
    private readonly int _threshold;

    /// <param name="period">In which counts are halved. Timestamp ticks.</param>
    /// <param name="threshold">The count from which on a key is hot: reads of the last period, or some more of before.</param>
    public ReadRates(long period, int threshold)
    {
        _period = period;
        _threshold = threshold;
    }

    /// <summary>Counts a read.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="now">A timestamp.</param>
    /// <returns>Whether the key is hot.</returns>
    public bool Add(ulong hash, long now)
    {
        ref ulong cell = ref _cells[CellOf(hash)];
        ulong before = Volatile.Read(ref cell);
        var period = (ushort)(now / _period);
        int count = CountAt(before, period);
        uint tag = TagOf(before);
        if (tag == TagOf(hash))
        {
            count = Math.Min(count + 1, ushort.MaxValue);
        }
        else if (count > 0)
        {
            count--;
        }
        else
        {
            tag = TagOf(hash);
            count = 1;
        }

        Volatile.Write(ref cell, ((ulong)tag << (PeriodBits + CountBits)) | ((ulong)period << CountBits) | (uint)count);
        return count >= _threshold && tag == TagOf(hash);
    }

    /// <summary>Halves a key's count.</summary>
    public void Halve(ulong hash)
    {
        ref ulong cell = ref _cells[CellOf(hash)];
        ulong before = Volatile.Read(ref cell);
        if (TagOf(before) == TagOf(hash))
        {
            Volatile.Write(ref cell, (before & ~(ulong)ushort.MaxValue) | ((before & ushort.MaxValue) >> 1));
        }
    }

    /// <summary>The cell that counts a key.</summary>
    internal static int CellOf(ulong hash) => (int)((hash * Mix) >> (64 - CellBits));

    private static uint TagOf(ulong hash) => (uint)(hash >> (PeriodBits + CountBits)); // of a cell it is in the same place

    private static int CountAt(ulong cell, ushort period)
    {
        int passed = (ushort)(period - (ushort)(cell >> CountBits));
        return passed < CountBits ? (ushort)cell >> passed : 0;
    }
}
