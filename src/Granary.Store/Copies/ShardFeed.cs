using Granary.Store.Eviction;
using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Copies;

// Two sources: the keys that have changed since the feed began (ChangedKeys), and a scan of everything (IndexScan). What
// is sent of a key is what it is at that moment, never what was done to it; so nothing but keys waits, and applying all
// frames in order leaves the copy as the shard was at the last one.
//
// A change of a key that the scan is still to come to is not noted: the scan will find it. If the keys that wait grow
// over their bound they are forgotten, the copy is told to forget everything, and the scan begins again.
//
// A long value is pinned and sent in parts, over several frames; meanwhile nothing else is sent. A value that is not
// chained, yet longer than a frame, is copied once and sent in the same way.

/// <summary>
/// A shard on its way to a copy in another store: frames that are to be applied there in order
/// (<see cref="CacheStore.Apply"/>).
/// </summary>
/// <remarks>
/// One thread at a time reads; properties may be read by any. A feed costs its shard's writers the note of a key. While it
/// scans, the shard's index does not shrink. Keys that wait count against the budget.
/// </remarks>
public sealed unsafe class ShardFeed : IDisposable
{
    /// <summary>Feeds that a shard may have at the same time.</summary>
    public const int MaxFeeds = 4;

    /// <summary>The shortest frame that can be read into. Bytes.</summary>
    public const int SmallestFrameBytes = 4096;

    // What is done in one hold of the shard's lock. 64 KiB take about 20 µs.
    private const int BytesPerHold = 64 << 10;
    private const int StepsPerHold = 512;

    // More that wait, and the scan begins again: 100 KiB.
    private const int MaxDrops = 4096;

    // A chained value up to this length is sent whole, copied under the lock.
    private const int GreatestInlineBytes = 64 << 10;

    private readonly StoreCore _core;
    private readonly Evictor _evictor;
    private readonly Shard _shard;
    private readonly int _number;
    private readonly ChangedKeys _waiting;
    private readonly Queue<FeedDrop> _drops = new();
    private IndexScan _scan;
    private HeldValue? _held;
    private int _heldSent;
    private long _coveredChanges;
    private long _entriesRead;
    private long _bytesRead;
    private int _restarts;
    private bool _begins = true;
    private bool _isScanning = true;
    private bool _isScanned;
    private bool _isBroken;
    private bool _disposed;

    private ShardFeed(StoreCore core, Evictor evictor, Shard shard, int number)
    {
        _core = core;
        _evictor = evictor;
        _shard = shard;
        _number = number;
        _waiting = new ChangedKeys(core.KeyBlocks);
    }

    /// <summary>The shard's number.</summary>
    public int Shard => _number;

    /// <summary>Whether every entry that the shard had has been read.</summary>
    public bool IsScanned => Volatile.Read(ref _isScanned);

    /// <summary>
    /// With what has been read so far, and once <see cref="IsScanned"/>, a copy has all changes up to this one.
    /// </summary>
    public long CoveredChanges => Volatile.Read(ref _coveredChanges);

    /// <summary>Whether there is something to read.</summary>
    public bool HasMore => !IsBroken && (!IsScanned || CoveredChanges < _shard.Feeds.Changes);

    /// <summary>Keys that have changed and wait to be read, with what each of them takes. Bytes.</summary>
    public long WaitingBytes => _waiting.Bytes;

    /// <summary>Whether the shard was cleared or became a copy itself: dispose of the feed, the copy is worth nothing.</summary>
    public bool IsBroken => Volatile.Read(ref _isBroken);

    /// <summary>How often too many keys waited, and it began again.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Entries and deletions read so far, those before a restart included.</summary>
    public long EntriesRead => Volatile.Read(ref _entriesRead);

    /// <summary>Bytes of frames read so far.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Writes the next frame.</summary>
    /// <param name="frame">Where to; at least <see cref="SmallestFrameBytes"/>.</param>
    /// <param name="format">What its reader reads.</param>
    /// <returns>Length of the frame; 0 if there is nothing to read, or the feed is broken.</returns>
    /// <exception cref="ArgumentException"><paramref name="frame"/> is too short.</exception>
    public int Read(Span<byte> frame, FrameFormat format = FrameFormat.Newest)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (frame.Length < SmallestFrameBytes)
        {
            throw new ArgumentException(
                $"The frame has {frame.Length} bytes; it must have {SmallestFrameBytes}.", nameof(frame));
        }

        if (_shard.IsOpen) // else nobody changes it, and nothing need be evicted for keys that wait
        {
            _core.KeyBlocks.TopUp(_evictor);
        }

        if (!HasMore)
        {
            return 0;
        }

        var writer = new FrameWriter(frame, format);
        bool clears = false;
        bool goesOn = true;
        while (goesOn)
        {
            bool isFull = !TrySendParts(ref writer);
            lock (_shard.Gate)
            {
                if (_isBroken)
                {
                    return 0;
                }

                if (_begins)
                {
                    _begins = false;
                    clears = true;
                    isFull = false;
                    writer.Reset();
                    LetGo();
                }

                goesOn = !isFull && Fill_NeedsLock(ref writer);
                WriteHeader_NeedsLock(ref writer, clears);
            }
        }

        Volatile.Write(ref _bytesRead, _bytesRead + writer.Length);
        return writer.Length;
    }

    /// <summary>Ends the feed and gives its memory back. No read may be under way.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        LetGo();
        lock (_shard.Gate)
        {
            _shard.Feeds.Remove(this);
            Forget_NeedsLock();
        }

        _core.KeyBlocks.Leave();
    }

    internal static ShardFeed Open(StoreCore core, Evictor evictor, Shard shard, int number)
    {
        var feed = new ShardFeed(core, evictor, shard, number);
        lock (shard.Gate)
        {
            if (shard.Feeds.Count == MaxFeeds)
            {
                throw new InvalidOperationException($"Shard {number} has {MaxFeeds} feeds already.");
            }

            core.KeyBlocks.Enter();
            shard.Index.Scans++;
            feed._scan = new IndexScan(shard.Index);
            shard.Feeds.Add(feed);
        }

        return feed;
    }

    /// <summary>A key has changed.</summary>
    internal void Note_NeedsLock(long change, ulong hash, ReadOnlySpan<byte> key)
    {
        if ((!_isScanning || _scan.MayHaveSeen(hash)) && !_waiting.TryAdd(change, hash, key))
        {
            BeginAgain_NeedsLock();
        }
    }

    /// <summary>A tag or a prefix was dropped. What the scan is still to come to is gone for it already.</summary>
    internal void NoteDrop_NeedsLock(in FeedDrop drop)
    {
        _drops.Enqueue(drop);
        if (_drops.Count > MaxDrops)
        {
            BeginAgain_NeedsLock();
        }
    }

    /// <summary>The shard is no longer what was sent of it.</summary>
    internal void Break_NeedsLock()
    {
        Volatile.Write(ref _isBroken, true);
        Forget_NeedsLock();
    }

    private void BeginAgain_NeedsLock()
    {
        _waiting.Clear();
        _drops.Clear();
        if (!_isScanning)
        {
            _isScanning = true;
            _shard.Index.Scans++;
        }

        _scan = new IndexScan(_shard.Index);
        _begins = true;
        Volatile.Write(ref _isScanned, false);
        Volatile.Write(ref _restarts, _restarts + 1);
    }

    private void Forget_NeedsLock()
    {
        _waiting.Clear();
        _drops.Clear();
        EndScan_NeedsLock();
    }

    private void EndScan_NeedsLock()
    {
        if (_isScanning)
        {
            _isScanning = false;
            _shard.Index.Scans--;
        }
    }

    private void LetGo()
    {
        _held?.Dispose();
        _held = null;
    }

    // Without the lock: what is held does not change. False if the frame is full.
    private bool TrySendParts(ref FrameWriter writer)
    {
        while (_held is not null)
        {
            Span<byte> part = writer.AddPart(_heldSent, _held.Length - _heldSent);
            if (part.IsEmpty)
            {
                return false;
            }

            _held.CopyTo(_heldSent, part);
            _heldSent += part.Length;
            if (_heldSent == _held.Length)
            {
                LetGo();
            }
        }

        return true;
    }

    // Whether there is room for more, and perhaps more to come.
    private bool Fill_NeedsLock(ref FrameWriter writer)
    {
        _shard.ApplyDueFlush();
        int limit = writer.Length + BytesPerHold;
        for (; _drops.TryPeek(out FeedDrop drop); _drops.Dequeue())
        {
            if (!writer.TryAddDrop(drop, out bool canTell))
            {
                if (!canTell)
                {
                    BeginAgain_NeedsLock();
                }

                return !canTell;
            }
        }

        for (int step = 0; step < StepsPerHold && writer.Length < limit && _held is null; step++)
        {
            if ((_waiting.IsEmpty && !_isScanning)
                || !(_waiting.IsEmpty ? TryScan(ref writer) : TrySendChange(ref writer)))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySendChange(ref FrameWriter writer)
    {
        ReadOnlySpan<byte> key = _waiting.First(stackalloc byte[CacheStore.MaxKeyBytes]);
        ulong* slot = _shard.Index.Find(_core.KeyHash.Of(key), key);
        Record* record = slot == null ? null : _shard.Index.RecordOf(*slot);
        bool isAbsent = record == null || _shard.IsGone(record) || !writer.Knows(record); // not removed: a change
        if (!(isAbsent ? writer.TryAddDeletion(key) : TrySend(ref writer, *slot, isChange: true)))
        {
            return false;
        }

        _waiting.RemoveFirst();
        _entriesRead++;
        return true;
    }

    private bool TryScan(ref FrameWriter writer)
    {
        if (_scan.IsDone)
        {
            EndScan_NeedsLock();
            return true;
        }

        ulong slot = _scan.Peek();
        if (slot == 0)
        {
            return true;
        }

        Record* record = _shard.Index.RecordOf(slot);
        if (!_shard.IsGone(record) && writer.Knows(record))
        {
            if (!TrySend(ref writer, slot, isChange: false))
            {
                return false;
            }

            _entriesRead++;
        }

        _scan.MoveOn();
        return true;
    }

    private bool TrySend(ref FrameWriter writer, ulong slot, bool isChange)
    {
        Record* record = _shard.Index.RecordOf(slot);
        bool isLong = record->IsChained && record->ValueLength > GreatestInlineBytes;
        if (!isLong && writer.TryAddEntry(
            FeedEntry.Describe(_core.Pool, record, FrameRecordKind.Entry, isChange), out Span<byte> value))
        {
            FeedEntry.CopyValue(_core.Pool, slot, record, value);
            return true;
        }

        if ((!isLong && writer.HasRecords)
            || !writer.TryAddEntry(
                FeedEntry.Describe(_core.Pool, record, FrameRecordKind.LongEntry, isChange), out _))
        {
            return false;
        }

        _heldSent = 0;
        _held = HeldValue.Of(_core.Pool, slot, record);
        return true;
    }

    // What is covered stays while a value is under way: the copy has it with its last part.
    private void WriteHeader_NeedsLock(ref FrameWriter writer, bool clears)
    {
        SegmentPool pool = _core.Pool;
        if (_held is null)
        {
            long covered = _waiting.IsEmpty ? _shard.Feeds.Changes : _waiting.FirstChange - 1;
            covered = _drops.TryPeek(out FeedDrop drop) ? Math.Min(covered, drop.Change - 1) : covered;
            Volatile.Write(ref _coveredChanges, covered);
            Volatile.Write(ref _isScanned, !_isScanning);
        }

        writer.WriteHeader(new FrameHeader
        {
            Version = writer.Version,
            Shard = _number,
            Clears = clears,
            IsScanned = _isScanned,
            CoveredChanges = _coveredChanges,
            Marks = _shard.Marks,
            LogBytes = (long)(pool.Position - pool.OldestRank) * pool.SegmentBytes,
        });
    }
}
