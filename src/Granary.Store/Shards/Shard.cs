using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.HotKeys;
using Granary.Store.Memory;
using Granary.Store.Namespaces;

namespace Granary.Store.Shards;

// Lock order: copy -> evictor -> shard -> lane, import bins, index pages, key blocks, key uses, last uses -> pool. Nobody
// waits for the evictor with a shard's lock in hand; the evictor takes shards' locks one at a time.

/// <summary>One shard: its lock, its index, its counters. Every method needs the lock.</summary>
internal sealed unsafe class Shard
{
    private readonly StoreCore _core;
    private readonly ushort _number;
    private readonly DroppedTags _droppedTags;
    private readonly Placement _placement;
    private readonly bool _countsUses;
    private FeedList _feeds;
    private ulong _nextCas = 1;
    private ulong _leastCas;
    private ulong _flushedBelowCas;
    private long _flushAt;
    private ShardCounters _counters;
    private SampleCountdown _untilSample;

    public Shard(StoreCore core, int number)
    {
        _core = core;
        _number = (ushort)number;
        _untilSample = core.NewCountdown(number);
        Index = new ShardIndex(core.Pages, core.Pool, core.KeyHash);
        _feeds = new FeedList(core.Changes, number);
        _droppedTags = new DroppedTags(core, this);
        _placement = new Placement(core, number, Index);
        _countsUses = _placement.CountsUses;
        Namespaces = core.Quotas is { } quotas ? new ShardNamespaces(quotas) : null;
        _counters = new ShardCounters(Namespaces);
    }

    public Lock Gate { get; } = new();

    public ShardIndex Index { get; }

    public bool IsOpen { get; private set; }

    /// <summary>Whether operations are answered: it is open, and the store is not suspended.</summary>
    public bool IsServed => IsOpen && !_core.IsSuspended;

    public CopyState Copy { get; } = new();

    public ref FeedList Feeds => ref _feeds;

    /// <summary><see langword="null"/> if the store has none.</summary>
    public ShardNamespaces? Namespaces { get; }

    public ref ShardCounters Counters => ref _counters;

    public int RememberedDrops => _droppedTags.Count;

    public ShardMarks Marks => new(_nextCas, _flushedBelowCas, _flushAt);

    public StoreStatistics Statistics => _counters.ToStatistics(IsOpen);

    /// <summary>Serves from now on. The next cas is above all that were given, and above UTC in microseconds.</summary>
    public void Open()
    {
        IsOpen = true;
        Namespaces?.SetOpen(true);
        _nextCas = Math.Max(Math.Max(_nextCas, _leastCas), (ulong)_core.Clock.UnixMilliseconds * 1000);
    }

    public void Close()
    {
        IsOpen = false;
        Namespaces?.SetOpen(false);
    }

    /// <summary>Drops all entries at a time; a later call replaces an earlier one that is still to come.</summary>
    public void FlushAt(long unixMilliseconds)
    {
        if (unixMilliseconds > _core.Clock.UnixMilliseconds)
        {
            _flushAt = unixMilliseconds;
            _feeds.Flushed(IsOpen);
            return;
        }

        Flush();
    }

    /// <summary>Drops the entries that have a tag and a lower cas.</summary>
    public void DropTag(ulong tag, ulong belowCas)
    {
        _droppedTags.Add(tag, belowCas);
        _feeds.TagDropped(tag, belowCas);
        _core.NoteFlush();
    }

    /// <summary>Drops the entries of a namespace with a lower cas. They count no more, as after a flush.</summary>
    public void DropNamespace(int number, ulong belowCas)
    {
        _counters.Subtract(Namespaces!.Drop(number, belowCas));
        _feeds.PrefixDropped(_core.Quotas!.Table[number].Prefix, belowCas, IsOpen);
        _core.NoteFlush();
    }

    /// <summary>Drops all entries now and gives their memory back.</summary>
    public void Clear()
    {
        _feeds.Break();
        Index.Clear(entry => _core.Pool.FreeRecord(IndexEntry.LocationOf(entry)));
        _counters.Empty();
        Namespaces?.ForgetDrops();
        _droppedTags.Clear();
        _placement.Clear();
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
        return FindCopied(hash, key);
    }

    /// <summary>Finds a live entry of a copy: when a delayed flush of it is due, its owner says.</summary>
    /// <inheritdoc cref="Find"/>
    public ulong* FindCopied(ulong hash, ReadOnlySpan<byte> key)
    {
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

        _counters.CountFoundGone(IsFlushed(record), IsExpired(record), isCopy: !IsOpen);
        RemoveGone(slot);
        return null;
    }

    /// <summary>Whether an entry's time has passed, or it was flushed or dropped by a tag or with its namespace.</summary>
    public bool IsGone(Record* record) =>
        IsFlushed(record) || IsExpired(record) || (record->HasTags && _droppedTags.Contain(Record.Tags(record), record->Cas));

    /// <inheritdoc cref="IsGone(Record*)"/>
    public bool IsGone(ulong cas, long expiresAt) =>
        cas < _flushedBelowCas || (expiresAt != 0 && expiresAt <= _core.Clock.UnixMilliseconds);

    /// <summary>Counts an operation of a client on a key, whatever comes of it: once, before it is looked for.</summary>
    /// <remarks>It is sampled: see <see cref="SampleCountdown"/> for what that costs.</remarks>
    public void CountUse(ulong hash, ReadOnlySpan<byte> key, bool isWrite)
    {
        if (_untilSample.Next() && IsServed)
        {
            _core.KeyUses.Add(hash, key, _number, isWrite);
        }
    }

    public void CountHit(ulong hash, Record* record)
    {
        _counters.CountHit(hash);
        Use(record, EntryMarks.Fetched);
    }

    /// <summary>Notes that an entry is used now.</summary>
    public void Use(Record* record, EntryMarks marks = EntryMarks.None)
    {
        record->Use(_core.Pool.Position, _core.Pool.UseStamp, marks);
        if (_countsUses)
        {
            record->CountUse();
        }
    }

    /// <summary>Changes the expiry of a record that has a field for it; from now on reads do not put it off.</summary>
    public void SetExpiry(ulong hash, ulong slot, long expiresAt)
    {
        Record* record = Index.RecordOf(slot);
        if (record->HasWindow)
        {
            Record.EndWindow(record);
        }

        Record.SetExpiry(record, expiresAt == 0 ? long.MaxValue : expiresAt);
        _core.Pool.NoteExpiry(IndexEntry.LocationOf(slot).Segment, expiresAt == 0 ? long.MaxValue : expiresAt);
        _feeds.Changed(hash, Record.Key(record));
    }

    public ulong NextCas() => _nextCas++;

    /// <summary>Removes an entry that was deleted.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="key">Not in the record.</param>
    /// <param name="slot">The key's slot.</param>
    public void Delete(ulong hash, ReadOnlySpan<byte> key, ulong* slot)
    {
        _counters.CountDeletion();
        Remove(slot);
        _feeds.Changed(hash, key);
    }

    /// <summary>Removes an entry of a copy that is not what its owner has.</summary>
    public void Drop(ulong* slot) => Remove(slot);

    /// <summary>Removes an entry for which there is no room.</summary>
    public void Evict(ulong hash, ulong* slot)
    {
        _counters.CountEviction(hash);
        _placement.NoteEviction(hash, *slot);
        Remove(slot);
    }

    /// <summary>Removes an entry for which there is no room in its namespace: there is none in a copy either.</summary>
    public void EvictEverywhere(ulong hash, ulong* slot)
    {
        _feeds.Evicted(hash, Record.Key(Index.RecordOf(*slot)));
        Evict(hash, slot);
    }

    /// <summary>Removes an entry whose time has passed, or that was flushed or dropped by a tag or with its namespace.</summary>
    public void RemoveGone(ulong* slot)
    {
        Record* record = Index.RecordOf(*slot);
        if (IsFlushed(record))
        {
            _core.Pool.FreeRecord(IndexEntry.LocationOf(*slot)); // that took it off the counters
            Index.Remove(slot);
            return;
        }

        _counters.CountGone(IsExpired(record));
        if (record->HasWindow && IsOpen)
        {
            ReadOnlySpan<byte> key = Record.Key(record);
            _feeds.Changed(_core.KeyHash.Of(key), key); // copies would keep it a little longer
        }

        Remove(slot);
    }

    /// <summary>Writes an entry: over the old record if it fits there, else as a new one.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="slot">The key's slot, or <see langword="null"/> if it is absent.</param>
    /// <param name="entry">The entry. Its value may lie in the old record if <see cref="NewEntry.KeepsOldBytes"/>.</param>
    /// <returns><see langword="false"/> if there is no room now; nothing changed.</returns>
    public bool TryWrite(ulong hash, ulong* slot, in NewEntry entry)
    {
        if (!TryPlace(hash, slot, entry))
        {
            return false;
        }

        _counters.CountStore(hash);
        _feeds.Changed(hash, entry.Key, entry.HasGivenCas ? 0 : entry.Cas);
        return true;
    }

    /// <summary>Makes a staged chain the entry of its key.</summary>
    /// <returns><see langword="false"/> if the index has no room now; nothing changed.</returns>
    public bool TryPublish(ulong hash, ulong* slot, StagedValue staged, out ulong cas)
    {
        ulong next = NextCas();
        cas = staged.GivenCas != 0 ? staged.GivenCas : next;
        if (!TryPlace(hash, slot, staged, next, age: 0, advances: true))
        {
            return false;
        }

        _counters.CountStore(hash);
        _feeds.Changed(hash, staged.Key, staged.GivenCas != 0 ? 0 : cas);
        return true;
    }

    /// <summary>Writes an entry as <see cref="TryWrite"/> does, but it is neither a store nor a change.</summary>
    public bool TryPlace(ulong hash, ulong* slot, in NewEntry entry)
    {
        ulong present = slot != null ? *slot : 0;
        if (present != 0 && !entry.KeepsOldBytes && _placement.TryOverwrite(present, entry))
        {
            return true;
        }

        ulong* target = Target(hash, slot, entry.RecordBytes);
        if (target == null || !_placement.TryWrite(hash, present, entry, out Location location))
        {
            return false;
        }

        Publish(hash, slot, target, location, entry.RecordBytes);
        return true;
    }

    /// <summary>Publishes a chain as <see cref="TryPublish"/> does, but it is neither a store nor a change.</summary>
    public bool TryPlace(ulong hash, ulong* slot, StagedValue staged, ulong cas, uint age, bool advances)
    {
        ulong* target = Target(hash, slot, staged.RecordBytes);
        if (target == null)
        {
            return false;
        }

        ulong present = slot != null ? *slot : 0;
        Location location = _placement.Publish(hash, present, staged, cas, age, advances);
        Publish(hash, slot, target, location, staged.RecordBytes);
        return true;
    }

    /// <summary>Makes a copy's marks those of the shard that it is of.</summary>
    /// <param name="marks">As they were sent.</param>
    /// <param name="clears">Whether the copy begins.</param>
    public void TakeMarks(in ShardMarks marks, bool clears)
    {
        _leastCas = Math.Max(_leastCas, _nextCas);
        if (clears)
        {
            Clear();
            _flushedBelowCas = 0;
        }

        // A flush of this copy alone counts from here: what its owner has changed since then is not flushed.
        _nextCas = clears ? marks.NextCas : Math.Max(_nextCas, marks.NextCas);
        _flushAt = marks.FlushAt;
        if (marks.FlushedBelowCas > _flushedBelowCas)
        {
            Flush(marks.FlushedBelowCas);
        }
    }

    private bool IsExpired(Record* record) => record->HasExpiry && Record.Expiry(record) <= _core.Clock.UnixMilliseconds;

    // By a mark: what was there is off the counters already.
    private bool IsFlushed(Record* record) => record->Cas < _flushedBelowCas
        || (Namespaces is { HasDrops: true } spaces && spaces.IsDropped(Record.Key(record), record->Cas));

    // Null if there is no room now, in the index or in the namespace.
    private ulong* Target(ulong hash, ulong* slot, long bytes)
    {
        if (Namespaces is not null
            && !Namespaces.HasRoom(hash, bytes - (slot == null ? 0 : Record.BytesOf(Index.RecordOf(*slot)))))
        {
            return null;
        }

        return slot != null ? slot : Index.Reserve(hash);
    }

    private void Publish(ulong hash, ulong* slot, ulong* target, Location location, long bytes)
    {
        if (slot != null)
        {
            _counters.Add(hash, 0, bytes - Record.BytesOf(Index.RecordOf(*slot)));
            _core.Pool.FreeRecord(IndexEntry.LocationOf(*slot));
            *slot = IndexEntry.Make(hash, location);
        }
        else
        {
            Index.Fill(target, IndexEntry.Make(hash, location));
            _counters.Add(hash, 1, bytes);
        }
    }

    private void Flush()
    {
        _flushAt = 0;
        _feeds.Flushed(IsOpen);
        Flush(_nextCas);
    }

    private void Flush(ulong belowCas)
    {
        _flushedBelowCas = belowCas;
        _counters.Empty();
        _core.NoteFlush();
    }

    private void Remove(ulong* slot)
    {
        _counters.Add(*slot, -1, -Record.BytesOf(Index.RecordOf(*slot)));
        _core.Pool.FreeRecord(IndexEntry.LocationOf(*slot));
        Index.Remove(slot);
    }
}
