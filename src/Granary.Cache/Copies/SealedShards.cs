namespace Granary.Cache.Copies;

// A sealed shard waits for its last frame and its activation, and every operation on it waits with it. A silo that has
// just started takes ten times as long for the first ones as for later ones, and one that is overloaded always does. So
// it begins with one shard, and has more on the way only while it is quick.

/// <summary>
/// The shards that one silo seals for another, until the other is about to serve them. Under the lock of
/// <see cref="OutgoingCopies"/>.
/// </summary>
internal sealed class SealedShards(TimeProvider time)
{
    private const int MaxCount = 4;

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(100);

    // By then an activation that did not follow has been stopped, and the shard is found by the directory.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private readonly Dictionary<int, long> _sealedAt = [];
    private int _limit = 1;

    public bool IsEmpty => _sealedAt.Count == 0;

    /// <summary>Whether one more may be sealed.</summary>
    public bool HasRoom => _sealedAt.Count < _limit;

    public void Add(int shard) => _sealedAt[shard] = time.GetTimestamp();

    /// <summary>A shard is served again where it was.</summary>
    public void Remove(int shard)
    {
        if (_sealedAt.Remove(shard))
        {
            _limit = 1;
        }
    }

    /// <summary>Lets those go that another silo serves by now, or is about to, and those that are served here again.</summary>
    public void Follow(Func<int, bool> isServedElsewhere, Func<int, bool> isServedHere)
    {
        foreach ((int shard, long sealedAt) in _sealedAt)
        {
            TimeSpan elapsed = time.GetElapsedTime(sealedAt);
            if (isServedElsewhere(shard))
            {
                _limit = elapsed <= Quick ? Math.Min(_limit + 1, MaxCount) : 1;
                _sealedAt.Remove(shard);
            }
            else if (isServedHere(shard) || elapsed > Patience)
            {
                Remove(shard);
            }
        }
    }
}
