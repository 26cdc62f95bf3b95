using Granary.Store.Memory;

namespace Granary.Store.Eviction;

/// <summary>
/// Where entries of another store go that were written there long ago: by age, so that they take their place in this
/// store's order of use. The log does not grow by them, and so nothing here ages because of them.
/// </summary>
/// <remarks>Thread-safe; its lock is taken inside a shard's and outside the pool's.</remarks>
internal sealed class ImportBins(SegmentPool pool)
{
    private readonly Lock _lock = new();
    private readonly AgeBins _bins = new(pool, forEvictor: false);
    private bool _isUsed;

    /// <summary>Allocates room for a record and writes its units and shard.</summary>
    /// <param name="bytes">A multiple of 8, at most <see cref="SegmentPool.MaxRecordBytes"/>.</param>
    /// <param name="shard">Whose record it is.</param>
    /// <param name="age">Positions of this log since its last use.</param>
    /// <param name="span">Positions of this log over which the ages are spread.</param>
    /// <param name="location">Where it goes.</param>
    /// <returns><see langword="false"/> if a new segment is needed and the pool has none.</returns>
    public bool TryAllocate(int bytes, ushort shard, uint age, uint span, out Location location)
    {
        lock (_lock)
        {
            _isUsed = true;
            pool.NoteAge(age);
            ushort units = (ushort)(bytes / Record.UnitBytes);
            return _bins.TryAllocate(AgeBins.Evenly(age, span), units, shard, pool.Position - age, out location);
        }
    }

    /// <inheritdoc cref="AgeBins.SealAll"/>
    public bool SealAll()
    {
        lock (_lock)
        {
            return _bins.SealAll();
        }
    }

    /// <summary>Ends every open segment if nothing has come since the last call.</summary>
    public void SealIfIdle()
    {
        lock (_lock)
        {
            if (!_isUsed)
            {
                _bins.SealAll();
            }

            _isUsed = false;
        }
    }
}
