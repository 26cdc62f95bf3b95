using Granary.Store.Entries;

namespace Granary.Store.Watching;

// Two bit sets, the older one thrown away in turn: a key is remembered for one to two periods. Two keys that share a bit are
// a message too many. A turn puts the young set where the old one was before it puts an empty one in its place, and who looks
// reads them in the other order; so none is missed, and a bit that is set in between is set in one of them.

/// <summary>Keys of which somebody keeps the value. 256 KiB. Thread-safe.</summary>
internal sealed class WatchedKeys(StoreClock clock)
{
    /// <summary>How long a key is remembered at least.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(6);

    private const int BitCount = 1 << 20;
    private const int WordBits = 64;

    private readonly Lock _turning = new();
    private volatile ulong[] _young = new ulong[BitCount / WordBits];
    private volatile ulong[] _old = new ulong[BitCount / WordBits];
    private long _turnedAt = clock.UnixMilliseconds;

    public bool Contains(ulong hash)
    {
        (int word, ulong bit) = PlaceOf(hash);
        return ((_young[word] | _old[word]) & bit) != 0;
    }

    public void Add(ulong hash)
    {
        if (clock.UnixMilliseconds - Volatile.Read(ref _turnedAt) >= Period.TotalMilliseconds)
        {
            Turn();
        }

        (int word, ulong bit) = PlaceOf(hash);
        ulong[] young = _young;
        if ((young[word] & bit) == 0)
        {
            Interlocked.Or(ref young[word], bit);
        }
    }

    private static (int Word, ulong Bit) PlaceOf(ulong hash) =>
        ((int)(hash % BitCount) / WordBits, 1UL << (int)(hash % WordBits));

    private void Turn()
    {
        lock (_turning)
        {
            long now = clock.UnixMilliseconds;
            if (now - _turnedAt >= Period.TotalMilliseconds)
            {
                _old = _young;
                _young = new ulong[BitCount / WordBits];
                Volatile.Write(ref _turnedAt, now);
            }
        }
    }
}
