using Granary.Store.Entries;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

// Lock order: shard -> lane -> index pages -> pool. Nobody waits for the evictor with a shard's lock in hand; the evictor
// takes shards' locks one at a time.

/// <summary>One shard: its lock, its index, its counters. Every method needs the lock.</summary>
internal sealed unsafe class Shard
{
    private readonly StoreCore _core;
    private readonly ushort _number;
    private ulong _nextCas = 1;
    private ulong _flushedBelowCas;
    private long _flushAt;
    private long _entries;
    private long _entryBytes;
    private long _hits;
    private long _misses;
    private long _stores;
    private long _evictions;
    private long _expirations;

    public Shard(StoreCore core, int number)
    {
        _core = core;
        _number = (ushort)number;
        Index = new ShardIndex(core.Pages, core.Pool, core.KeyHash);
    }

    public Lock Gate { get; } = new();

    public ShardIndex Index { get; }

    public bool IsOpen { get; private set; }

    /// <summary>The log's position now.</summary>
    public uint Position => _core.Pool.Position;

    public StoreStatistics Statistics => new()
    {
        Entries = IsOpen ? _entries : 0,
        EntryBytes = IsOpen ? _entryBytes : 0,
        Hits = _hits,
        Misses = _misses,
        Stores = _stores,
        Evictions = _evictions,
        Expirations = _expirations,
    };

    /// <summary>Serves from now on. The next cas is above all that were given, and above UTC in microseconds.</summary>
    public void Open()
    {
        IsOpen = true;
        _nextCas = Math.Max(_nextCas, (ulong)_core.Clock.UnixMilliseconds * 1000);
    }

    public void Close() => IsOpen = false;

    /// <summary>Drops all entries at a time; a later call replaces an earlier one that is still to come.</summary>
    public void FlushAt(long unixMilliseconds)
    {
        if (unixMilliseconds > _core.Clock.UnixMilliseconds)
        {
            _flushAt = unixMilliseconds;
            return;
        }

        Flush();
    }

    /// <summary>Drops all entries now and gives their memory back.</summary>
    public void Clear()
    {
        Index.Clear(entry => FreeRecord(IndexEntry.LocationOf(entry)));
        _entries = 0;
        _entryBytes = 0;
    }

    /// <summary>Applies a delayed flush whose time has come.</summary>
    public void ApplyDueFlush()
    {
        if (_flushAt != 0 && _core.Clock.UnixMilliseconds >= _flushAt)
        {
            Flush();
        }
    }

    /// <summary>Finds a live entry; one whose time has passed is removed on the way.</summary>
    /// <returns>Its slot, or <see langword="null"/>.</returns>
    public ulong* Find(ulong hash, ReadOnlySpan<byte> key)
    {
        ApplyDueFlush();
        ulong* slot = Index.Find(hash, key);
        if (slot == null)
        {
            return null;
        }

        Record* record = Index.RecordOf(*slot);
        if (!IsGone(record))
        {
            return slot;
        }

        RemoveGone(slot);
        return null;
    }

    /// <summary>Whether an entry's time has passed, or it was flushed.</summary>
    public bool IsGone(Record* record) =>
        record->Cas < _flushedBelowCas
        || (record->HasExpiry && Record.Expiry(record) <= _core.Clock.UnixMilliseconds);

    public void CountHit(Record* record)
    {
        _hits++;
        record->LastUse = _core.Pool.Position;
    }

    /// <summary>Changes the expiry of a record that has a field for it.</summary>
    public void SetExpiry(ulong slot, long expiresAt)
    {
        Location location = IndexEntry.LocationOf(slot);
        Record.SetExpiry(_core.Pool.RecordAt(location.Segment, location.Offset), expiresAt == 0 ? long.MaxValue : expiresAt);
        _core.Pool.NoteExpiry(location.Segment, expiresAt == 0 ? long.MaxValue : expiresAt);
    }

    public void CountMiss() => _misses++;

    public ulong NextCas() => _nextCas++;

    public static EntryInfo InfoOf(Record* record)
    {
        long expiresAt = Record.Expiry(record);
        return new EntryInfo(
            record->ValueLength,
            Record.Flags(record),
            record->Cas,
            expiresAt == long.MaxValue ? 0 : expiresAt);
    }

    /// <summary>Removes an entry that was deleted.</summary>
    public void Delete(ulong* slot) => Remove(slot);

    /// <summary>Removes an entry for which there is no room.</summary>
    public void Evict(ulong* slot)
    {
        _evictions++;
        Remove(slot);
    }

    /// <summary>Removes an entry whose time has passed, or that was flushed.</summary>
    public void RemoveGone(ulong* slot)
    {
        Record* record = Index.RecordOf(*slot);
        if (record->Cas < _flushedBelowCas)
        {
            FreeRecord(IndexEntry.LocationOf(*slot)); // the flush took it off the counters
            Index.Remove(slot);
            return;
        }

        _expirations++;
        Remove(slot);
    }

    /// <summary>Writes an entry: over the old record if it fits there, else as a new one.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="slot">The key's slot, or <see langword="null"/> if it is absent.</param>
    /// <param name="entry">The entry. Its spans may lie in the old record if <see cref="NewEntry.KeepsOldBytes"/>.</param>
    /// <returns><see langword="false"/> if there is no room now; nothing changed.</returns>
    public bool TryWrite(ulong hash, ulong* slot, in NewEntry entry)
    {
        if (slot != null && !entry.KeepsOldBytes && TryOverwrite(Index.RecordOf(*slot), *slot, entry))
        {
            _stores++;
            return true;
        }

        ulong* target = slot != null ? slot : Index.Reserve(hash);
        if (target == null || !_core.Lanes.TryAllocate((int)entry.RecordBytes, _number, out Location location))
        {
            return false;
        }

        Record* record = _core.Pool.RecordAt(location.Segment, location.Offset);
        WriteRecord(record, entry, location.Segment);
        Publish(hash, slot, target, location, entry.RecordBytes);
        return true;
    }

    /// <summary>Makes a staged chain the entry of its key.</summary>
    /// <returns><see langword="false"/> if the index has no room now; nothing changed.</returns>
    public bool TryPublish(ulong hash, ulong* slot, StagedValue staged, out ulong cas)
    {
        cas = 0;
        ulong* target = slot != null ? slot : Index.Reserve(hash);
        if (target == null)
        {
            return false;
        }

        Location location = staged.Publish(_number, cas = NextCas(), _core.Pool.Position);
        Publish(hash, slot, target, location, staged.RecordBytes);
        return true;
    }

    /// <summary>Copies a record to another place and points its slot there. The evictor's.</summary>
    public void Relocate(ulong hash, ulong* slot, Location target)
    {
        Record* record = Index.RecordOf(*slot);
        int bytes = record->Units * Record.UnitBytes;
        Buffer.MemoryCopy(record, _core.Pool.RecordAt(target.Segment, target.Offset), bytes, bytes);
        Location old = IndexEntry.LocationOf(*slot);
        *slot = IndexEntry.Make(hash, target);
        record->MarkDead();
        _core.Pool.RecordDied(old.Segment, bytes);
        if (record->HasExpiry)
        {
            _core.Pool.NoteExpiry(target.Segment, Record.Expiry(record));
        }
    }

    private void Publish(ulong hash, ulong* slot, ulong* target, Location location, long bytes)
    {
        if (slot != null)
        {
            _entryBytes -= RecordBytes(Index.RecordOf(*slot));
            FreeRecord(IndexEntry.LocationOf(*slot));
            *slot = IndexEntry.Make(hash, location);
        }
        else
        {
            Index.Fill(target, IndexEntry.Make(hash, location));
            _entries++;
        }

        _entryBytes += bytes;
        _stores++;
    }

    private bool TryOverwrite(Record* record, ulong slot, in NewEntry entry)
    {
        // A smaller value may leave an eighth of the record unused; more than that is dead bytes nobody would reclaim.
        int present = record->Units * Record.UnitBytes;
        if (entry.RecordBytes > present || entry.RecordBytes < present - (present >> 3))
        {
            return false;
        }

        WriteRecord(record, entry, IndexEntry.LocationOf(slot).Segment);
        return true;
    }

    private void WriteRecord(Record* record, in NewEntry entry, int segment)
    {
        Record.WriteHead(record, entry.Key, entry.ValueLength, entry.Flags, entry.ExpiresAt);
        Span<byte> value = Record.Value(record);
        entry.First.CopyTo(value);
        entry.Second.CopyTo(value[entry.First.Length..]);
        record->Cas = entry.Cas;
        record->LastUse = _core.Pool.Position;
        if (entry.ExpiresAt != 0)
        {
            _core.Pool.NoteExpiry(segment, entry.ExpiresAt);
        }
    }

    private void Flush()
    {
        _flushAt = 0;
        _flushedBelowCas = _nextCas;
        _entries = 0;
        _entryBytes = 0;
        _core.NoteFlush();
    }

    private void Remove(ulong* slot)
    {
        _entries--;
        _entryBytes -= RecordBytes(Index.RecordOf(*slot));
        FreeRecord(IndexEntry.LocationOf(*slot));
        Index.Remove(slot);
    }

    private void FreeRecord(Location location)
    {
        Record* record = _core.Pool.RecordAt(location.Segment, location.Offset);
        if (record->IsChained)
        {
            _core.Pool.FreeChain(location.Segment);
            return;
        }

        record->MarkDead();
        _core.Pool.RecordDied(location.Segment, record->Units * Record.UnitBytes);
    }

    private static long RecordBytes(Record* record) => record->IsChained
        ? Record.BytesFor(record->KeyLength, record->ValueLength, record->HasExpiry, record->HasFlags)
        : record->Units * Record.UnitBytes;
}
