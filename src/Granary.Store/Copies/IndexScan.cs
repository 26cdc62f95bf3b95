using Granary.Store.Shards;

namespace Granary.Store.Copies;

// Buckets in the order of their numbers. While it goes on the index may grow, which moves entries to higher buckets, but
// does not shrink; and the evictor moves records, not slots. So no entry that is there all the time is missed. One that
// moves up may be seen twice. A bucket that is split while it is being read closes its gaps: then it is read again.

/// <summary>A walk over the entries of an index, in steps, while others change it. Under the shard's lock.</summary>
internal struct IndexScan
{
    private readonly ShardIndex _index;
    private readonly IndexShape _start;
    private int _bucket;
    private int _position;
    private int _modulus;
    private bool _isInBucket;

    public IndexScan(ShardIndex index)
    {
        _index = index;
        _start = index.Shape;
    }

    public readonly bool IsDone => _bucket >= _index.Shape.BucketCount;

    /// <summary>
    /// Whether an entry of this hash may have been seen. If not, the scan will see what becomes of it: wherever it is
    /// by then, its bucket's number was never lower than at the start.
    /// </summary>
    public readonly bool MayHaveSeen(ulong hash)
    {
        int lowest = _start.BucketOf(hash);
        return lowest < _bucket || (lowest == _bucket && _isInBucket);
    }

    /// <summary>Looks for the next entry, in one bucket at most.</summary>
    /// <returns>The entry's slot; 0 if it is not in this bucket: call again, unless it <see cref="IsDone"/>.</returns>
    public ulong Peek()
    {
        int modulus = _index.Shape.ModulusOf(_bucket);
        if (modulus != _modulus)
        {
            _modulus = modulus;
            _position = 0;
        }

        ulong entry = _index.NextEntry(_bucket, ref _position);
        if (entry == 0)
        {
            _bucket++;
            _position = 0;
            _modulus = 0;
            _isInBucket = false;
        }

        return entry;
    }

    /// <summary>Goes past the entry that <see cref="Peek"/> has found.</summary>
    public void MoveOn()
    {
        _isInBucket = true;
        _position++;
    }
}
