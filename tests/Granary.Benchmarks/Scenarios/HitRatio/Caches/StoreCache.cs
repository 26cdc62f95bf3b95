using System.Buffers.Binary;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Tests.Shared;

namespace Granary.Benchmarks.Scenarios.HitRatio.Caches;

/// <summary>
/// Granary's store, of the bytes that a model of the case is charged in all. Where objects have one size, each is a number of
/// entries that are asked for one after the other, so that there are segments enough for a budget of few objects.
/// </summary>
internal sealed class StoreCache : IReplayedCache
{
    private const int Shards = 256;

    // As in the hit-ratio tests: 1/32 of a segment of 64 KiB, and about 32 MiB of them.
    private const int UnitValueBytes = 1_900;
    private const int LeastEntries = 17_000;

    private readonly CacheStore _store;
    private readonly byte[] _key = new byte[ReplayCase.KeyBytes];
    private readonly byte[] _value;
    private readonly int _clones = 1;
    private readonly bool _hasUnits;

    public StoreCache(ReplayCase replay, EvictionPolicy eviction)
    {
        _hasUnits = replay.Sizing == Sizing.Unit;
        long budgetBytes = replay.Budget;
        if (_hasUnits)
        {
            _clones = (int)((LeastEntries + replay.Budget - 1) / replay.Budget);
            budgetBytes *= _clones * (ReplayCase.KeyBytes + UnitValueBytes + ExactLru.DefaultEntryOverheadBytes);
        }

        int maxValueBytes = _hasUnits ? 1 << 20 : replay.MaxValueBytes;
        _value = new byte[maxValueBytes];
        _store = new CacheStore(
            new StoreOptions
            {
                MemoryLimitBytes = budgetBytes,
                MaxValueBytes = maxValueBytes,
                Eviction = eviction,
                ShardCount = Shards,
                HashSeed = 7, // the same figures each time
            },
            TimeProvider.System);
        for (int shard = 0; shard < Shards; shard++)
        {
            _store.Open(shard);
        }
    }

    public double HitPercent
    {
        get
        {
            StoreStatistics statistics = _store.GetStatistics();
            return 100.0 * statistics.Hits / (statistics.Hits + statistics.Misses);
        }
    }

    public void Request(in TraceRequest request)
    {
        for (int clone = 0; clone < _clones; clone++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_key, request.Key);
            BinaryPrimitives.WriteInt32LittleEndian(_key.AsSpan(sizeof(int)), clone);
            int shard = (int)((uint)((request.Key * 31) + clone) % Shards);
            var sink = default(ReleasingSink);
            if (_store.Get(shard, _key, ref sink) != StoreResult.Success)
            {
                Put(shard, _hasUnits ? UnitValueBytes : request.LengthBytes);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return default;
    }

    // One that is longer than the store takes is a miss each time.
    private void Put(int shard, int length)
    {
        if (length <= _value.Length)
        {
            _store.Put(shard, PutMode.Set, _key, _value.AsSpan(0, length), 0, Expiration.Never, 0, out _);
        }
    }
}
