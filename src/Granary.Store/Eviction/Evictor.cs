using Granary.Store.Entries;
using Granary.Store.Memory;
using Granary.Store.Namespaces;
using Granary.Store.Shards;

namespace Granary.Store.Eviction;

// A segment at a time is emptied. Which, and what of it stays and where that goes, is the policy's to say; what is the same
// for all of them is here: looking a record up under its shard's lock, moving it, dropping it, and the sweep for what is
// gone in any case.

/// <summary>Makes room. One thread at a time; takes shards' locks one by one.</summary>
internal sealed unsafe class Evictor(StoreCore core, Shard[] shards)
{
    /// <summary>
    /// A segment with less live bytes than this share is emptied before the oldest: then 4 copied bytes free 1.
    /// </summary>
    public const double CompactBelow = 0.75;

    /// <summary>A segment of which at least this share would be kept is ranked anew instead of copied.</summary>
    public const double KeepWholeAbove = 0.97;

    // Segments of survivors that one call saves before it drops a whole one: bounds the work of one caller.
    private const int MaxSaved = 64;

    private readonly Lock _lock = new();
    private readonly IEvictionPolicy _policy = core.Main is null
        ? new LruPolicy(core.Pool)
        : new S3FifoPolicy(core.Pool, core.Main, shards);
    private readonly QuotaEvictor? _quotas =
        core is { Evicts: true, Quotas: { } quotas } ? new QuotaEvictor(core, shards, quotas) : null;

    private long _evictions;

    /// <summary>Entries evicted so far.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Segments that only the evictor may take, so that it can always make room.</summary>
    public static int ReserveOf(EvictionPolicy policy) =>
        policy == EvictionPolicy.S3Fifo ? S3FifoPolicy.Reserve : LruPolicy.Reserve;

    /// <summary>Frees segments until writers can take one, and makes room in namespaces that have none.</summary>
    /// <returns><see langword="false"/> if there is nothing left to evict.</returns>
    public bool MakeRoom()
    {
        _quotas?.MakeRoom();
        lock (_lock)
        {
            if (!core.Evicts)
            {
                return Compact_NeedsLock();
            }

            for (int saved = 0; !core.Pool.HasRoom; saved++)
            {
                if (!TryEvictOne_NeedsLock(keepsNothing: saved >= MaxSaved) && !SealOpen_NeedsLock())
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Evicts what namespaces have more than their quotas.</summary>
    public void Trim() => _quotas?.Trim();

    /// <summary>Removes what is gone by time or flush from one segment.</summary>
    /// <param name="segment">Any segment: one that is open, or holds no records, is left alone.</param>
    /// <returns>Records looked at.</returns>
    public int Sweep(int segment)
    {
        lock (_lock)
        {
            return core.Pool.Segments[segment].State == SegmentState.ChainHead
                ? SweepChain(segment)
                : SweepSegment(segment);
        }
    }

    // Where nothing is evicted: room is what dead bytes have had. What lives is all kept, whenever it was used.
    private bool Compact_NeedsLock()
    {
        for (int emptied = 0; !core.Pool.HasRoom && emptied < MaxSaved; emptied++)
        {
            Victim victim = _policy.Choose();
            if (!victim.IsSparse || !core.Pool.TryClaim(victim.Segment))
            {
                break;
            }

            EvictSegment(victim with { NextRank = core.Pool.Position - int.MaxValue }, keepsNothing: false);
        }

        return core.Pool.HasRoom;
    }

    private bool SealOpen_NeedsLock() => _policy.SealAll() | core.Imports.SealAll() | core.Lanes.SealAll();

    private bool TryEvictOne_NeedsLock(bool keepsNothing)
    {
        Victim victim = _policy.Choose();
        if (victim.Segment < 0)
        {
            return false;
        }

        core.Pool.NoteOldest(victim.OldestRank);
        if (victim.IsChain)
        {
            EvictChain(victim, keepsNothing);
        }
        else if (core.Pool.TryClaim(victim.Segment))
        {
            EvictSegment(victim, keepsNothing);
        }

        return true;
    }

    private void EvictSegment(in Victim victim, bool keepsNothing)
    {
        SegmentPool pool = core.Pool;
        if (!victim.IsSparse && !keepsNothing && _policy.TryKeepWhole(victim))
        {
            return;
        }

        int used = pool.Segments[victim.Segment].UsedBytes;
        for (int offset = 0; offset < used;)
        {
            Record* record = pool.RecordAt(victim.Segment, offset);
            EvictRecord(record, new Location(victim.Segment, offset), victim, keepsNothing);
            offset += record->Units * Record.UnitBytes;
        }

        pool.Release(victim.Segment, pool.Segments[victim.Segment].Rank);
    }

    private void EvictRecord(Record* record, Location location, in Victim victim, bool keepsNothing)
    {
        Shard shard = shards[record->Shard];
        lock (shard.Gate)
        {
            if (record->IsDead)
            {
                return;
            }

            ulong hash = core.KeyHash.Of(Record.Key(record));
            ulong* slot = shard.Index.Find(hash, location);
            if (slot == null)
            {
                return;
            }

            if (shard.IsGone(record))
            {
                shard.RemoveGone(slot);
            }
            else if (!keepsNothing && _policy.TryKeep(record, victim, out Location target))
            {
                Relocate(shard, hash, slot, target);
            }
            else if (core.Evicts)
            {
                Evict(shard, hash, slot);
            }
        }
    }

    private void Relocate(Shard shard, ulong hash, ulong* slot, Location target)
    {
        Record* record = shard.Index.RecordOf(*slot);
        int bytes = record->Units * Record.UnitBytes;
        Buffer.MemoryCopy(record, core.Pool.RecordAt(target.Segment, target.Offset), bytes, bytes);
        Location old = IndexEntry.LocationOf(*slot);
        *slot = IndexEntry.Make(hash, target);
        record->MarkDead();
        core.Pool.RecordDied(old.Segment, bytes);
        if (record->HasExpiry)
        {
            core.Pool.NoteExpiry(target.Segment, Record.Expiry(record));
        }
    }

    private void Evict(Shard shard, ulong hash, ulong* slot)
    {
        Volatile.Write(ref _evictions, _evictions + 1);
        core.TellEviction(shard.Index.RecordOf(*slot));
        shard.Evict(hash, slot);
    }

    private void EvictChain(in Victim victim, bool keepsNothing)
    {
        Record* record = core.Pool.RecordAt(victim.Segment, 0);
        Shard shard = ShardOfChain(record);
        lock (shard.Gate)
        {
            ulong* slot = FindChain(shard, victim.Segment);
            if (slot == null)
            {
                return;
            }

            if (shard.IsGone(record))
            {
                shard.RemoveGone(slot);
            }
            else if (keepsNothing || !_policy.TryKeepChain(record, victim))
            {
                Evict(shard, core.KeyHash.Of(Record.Key(record)), slot);
            }
        }
    }

    private int SweepChain(int segment)
    {
        Record* record = core.Pool.RecordAt(segment, 0);
        Shard shard = ShardOfChain(record);
        lock (shard.Gate)
        {
            ulong* slot = FindChain(shard, segment);
            if (slot != null && shard.IsGone(record))
            {
                shard.RemoveGone(slot);
            }
            else if (slot != null)
            {
                core.Pool.Segments[segment].EarliestExpiry = Record.Expiry(record);
            }
        }

        return 1;
    }

    // Read before the lock, so perhaps of a chain that is gone: then FindChain finds nothing in any shard.
    private Shard ShardOfChain(Record* record) => shards[Math.Min(record->Shard, shards.Length - 1)];

    // Before the lock was taken the chain may have gone, and its segment may be anything by now.
    private ulong* FindChain(Shard shard, int segment)
    {
        Record* record = core.Pool.RecordAt(segment, 0);
        return core.Pool.Segments[segment].State != SegmentState.ChainHead
            ? null
            : shard.Index.Find(core.KeyHash.Of(Record.Key(record)), new Location(segment, 0));
    }

    private int SweepSegment(int segment)
    {
        SegmentPool pool = core.Pool;
        if (!pool.TryClaim(segment))
        {
            return 0;
        }

        int records = 0;
        long earliest = long.MaxValue;
        int used = pool.Segments[segment].UsedBytes;
        pool.Segments[segment].EarliestExpiry = long.MaxValue; // others may note a new one meanwhile
        for (int offset = 0; offset < used; records++)
        {
            Record* record = pool.RecordAt(segment, offset);
            SweepRecord(record, new Location(segment, offset), ref earliest);
            offset += record->Units * Record.UnitBytes;
        }

        pool.NoteExpiry(segment, earliest);
        pool.Release(segment, pool.Segments[segment].Rank);
        return records;
    }

    private void SweepRecord(Record* record, Location location, ref long earliest)
    {
        Shard shard = shards[record->Shard];
        lock (shard.Gate)
        {
            if (record->IsDead)
            {
                return;
            }

            if (!shard.IsGone(record))
            {
                earliest = record->HasExpiry ? Math.Min(earliest, Record.Expiry(record)) : earliest;
                return;
            }

            ulong* slot = shard.Index.Find(core.KeyHash.Of(Record.Key(record)), location);
            if (slot != null)
            {
                shard.RemoveGone(slot);
            }
        }
    }
}
