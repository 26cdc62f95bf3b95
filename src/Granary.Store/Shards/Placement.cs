using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

// Under LRU what is written now goes to a lane, and what was written elsewhere long ago to the bins of its age.
//
// Under S3-FIFO there are two queues. What is new goes to the small one, which the lanes write, unless it was evicted a
// short while ago; what is written over stays in its queue, with its uses and one more. Of what comes from another store
// nothing but the last use is known: it goes to the main queue, in that order, because it was worth keeping there.

/// <summary>Where the records of one shard go, and how they are written there. Under the shard's lock.</summary>
/// <param name="core">The store's.</param>
/// <param name="number">The shard's.</param>
/// <param name="index">The shard's: it remembers as many evicted entries as it has.</param>
internal sealed unsafe class Placement(StoreCore core, int number, ShardIndex index)
{
    private readonly Ghosts? _ghosts = core.Main is null ? null : new Ghosts(core.Pages);

    /// <summary>Whether the policy wants to know of each use.</summary>
    public bool CountsUses => _ghosts is not null;

    /// <summary>Writes an entry over its present record, if it fits there.</summary>
    public bool TryOverwrite(ulong present, in NewEntry entry)
    {
        // A smaller value may leave an eighth of the record unused; more than that is dead bytes nobody would reclaim.
        Location location = IndexEntry.LocationOf(present);
        Record* record = RecordAt(location);
        int bytes = record->Units * Record.UnitBytes;
        if (entry.RecordBytes > bytes || entry.RecordBytes < bytes - (bytes >> 3))
        {
            return false;
        }

        Write(record, entry, location.Segment, UsesAfter(present));
        return true;
    }

    /// <summary>Writes an entry as a new record.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="present">The index's entry of the key's present record, which stays as it is; 0 if it is absent.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="location">Where the record is.</param>
    /// <returns><see langword="false"/> if there is no room now.</returns>
    public bool TryWrite(ulong hash, ulong present, in NewEntry entry, out Location location)
    {
        bool isMain = entry.IsOld ? CountsUses : IsForMain(hash, present);
        if (!TryAllocate(entry, isMain, out location))
        {
            return false;
        }

        Forget(hash, isMain);
        Write(RecordAt(location), entry, location.Segment, UsesAfter(present));
        return true;
    }

    /// <summary>Makes a staged chain a record.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="present">The index's entry of the key's present record, which stays as it is; 0 if it is absent.</param>
    /// <param name="staged">The chain.</param>
    /// <param name="cas">The entry's.</param>
    /// <param name="age">Positions since its last use.</param>
    /// <param name="advances">Whether the log grows by it: not for what was written elsewhere long ago.</param>
    public Location Publish(ulong hash, ulong present, StagedValue staged, ulong cas, uint age, bool advances)
    {
        bool isMain = advances ? IsForMain(hash, present) : CountsUses;
        core.Pool.Segments[staged.FirstSegment].IsMain = isMain;
        Forget(hash, isMain);
        ushort stamp = age == 0 ? core.Pool.UseStamp : core.LastUses.StampAt(core.Pool.Position - age);
        return staged.Publish(number, cas, UsesAfter(present), age, stamp, advances);
    }

    /// <summary>Notes that an entry is evicted.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="entry">The index's entry.</param>
    public void NoteEviction(ulong hash, ulong entry)
    {
        if (_ghosts is not null && !IsMain(entry))
        {
            _ghosts.Add(hash);
        }
    }

    /// <summary>Forgets what was evicted.</summary>
    public void Clear() => _ghosts?.Clear();

    private Record* RecordAt(Location location) => core.Pool.RecordAt(location.Segment, location.Offset);

    private bool IsMain(ulong entry) => core.Pool.Segments[IndexEntry.LocationOf(entry).Segment].IsMain;

    private bool IsForMain(ulong hash, ulong present)
    {
        if (_ghosts is null || present != 0)
        {
            return present != 0 && IsMain(present);
        }

        _ghosts.Fit(index.Count);
        return _ghosts.Contains(hash);
    }

    private void Forget(ulong hash, bool isMain)
    {
        if (isMain)
        {
            _ghosts!.Remove(hash); // also for what has not been there
        }
    }

    private int UsesAfter(ulong present) => _ghosts is null || present == 0
        ? 0
        : Math.Min(RecordAt(IndexEntry.LocationOf(present))->Uses + 1, Record.MaxUses);

    private bool TryAllocate(in NewEntry entry, bool isMain, out Location location)
    {
        int bytes = (int)entry.RecordBytes;
        if (!entry.IsOld)
        {
            return isMain
                ? core.Main!.TryAllocate(bytes, number, out location)
                : core.Lanes.TryAllocate(bytes, number, out location);
        }

        if (!core.Imports.TryAllocate(bytes, (ushort)number, entry.Age, entry.AgeSpan, out location))
        {
            return false;
        }

        core.Pool.Segments[location.Segment].IsMain = isMain;
        return true;
    }

    private void Write(Record* record, in NewEntry entry, int segment, int uses)
    {
        Record.WriteHead(record, entry.Head);
        Span<byte> value = Record.Value(record);
        entry.First.CopyTo(value);
        entry.Second.CopyTo(value[entry.First.Length..]);
        record->Begin(entry.Cas, uses);
        uint position = core.Pool.Position - entry.Age;
        record->Use(position, entry.Age == 0 ? core.Pool.UseStamp : core.LastUses.StampAt(position));
        if (entry.ExpiresAt != 0)
        {
            core.Pool.NoteExpiry(segment, entry.ExpiresAt);
        }
    }
}
