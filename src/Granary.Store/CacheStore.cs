using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.HotKeys;
using Granary.Store.Memory;
using Granary.Store.Namespaces;
using Granary.Store.Shards;
using Granary.Store.Watching;

namespace Granary.Store;

/// <summary>
/// The entries of one silo: shards over one pool of memory. What leaves first when that is full, of all of them, says
/// <see cref="StoreOptions.Eviction"/>.
/// </summary>
/// <remarks>
/// Thread-safe: every operation takes the lock of its shard and no other for longer than a pointer's move, or, one in
/// <see cref="StoreOptions.DefaultHotKeySamplePeriod"/>, for counting its key. A shard that is not open answers
/// <see cref="StoreResult.NotOpen"/> and keeps its entries. Keys are 1 to <see cref="MaxKeyBytes"/> bytes of any value. The
/// managed heap sees no entry and no garbage but for values over half a segment, which cost a small object each time they
/// are read or written.
/// </remarks>
public sealed class CacheStore : IDisposable
{
    /// <summary>Longest key. Bytes.</summary>
    public const int MaxKeyBytes = 1024;

    private readonly StoreCore _core;
    private readonly Shard[] _shards;
    private readonly Sweeper _sweeper;
    private readonly EntryReads _reads;
    private readonly DetailedReads _detailedReads;
    private readonly EntryWrites _writes;
    private readonly EntryDeletes _deletes;
    private readonly EntryCounts _counts;
    private readonly LongValues _longValues;
    private readonly KeyScan _keyScan;
    private readonly CopyWrites _copyWrites;
    private readonly Evictor _evictor;
    private readonly EvictionHistory _evictionHistory;

    /// <summary>Reserves the address space; memory is taken as it is used.</summary>
    /// <exception cref="ArgumentException">An option is out of bounds.</exception>
    public CacheStore(StoreOptions options, TimeProvider time)
    {
        options.Validate();
        Options = options;
        _core = new StoreCore(options, time);
        _shards = new Shard[options.ShardCount];
        for (int number = 0; number < _shards.Length; number++)
        {
            _shards[number] = new Shard(_core, number);
        }

        Namespaces = new HeldNamespaces(_core, _shards);
        _evictor = new Evictor(_core, _shards);
        _evictionHistory = new EvictionHistory(_core, _evictor);
        Budget = new StoreBudget(options, _core.Pool, _evictor);
        _sweeper = new Sweeper(_core, _evictor);
        _reads = new EntryReads(_core, _evictor);
        _detailedReads = new DetailedReads(_core, _evictor, _reads);
        _writes = new EntryWrites(_core, _evictor, options.MaxValueBytes);
        _deletes = new EntryDeletes(_core, _evictor);
        _counts = new EntryCounts(_core, _evictor);
        _longValues = new LongValues(_core, _evictor, _writes, options.MaxValueBytes);
        _keyScan = new KeyScan(_core);
        _copyWrites = new CopyWrites(_core, _evictor, _longValues, Namespaces, options.MaxValueBytes);
    }

    /// <summary>What the store was made with.</summary>
    public StoreOptions Options { get; }

    /// <summary>How much memory it may take now.</summary>
    public StoreBudget Budget { get; }

    /// <summary>
    /// Values up to this length lie in one piece. Longer ones span segments: they are handed to readers pinned, and are
    /// best written staged. Bytes.
    /// </summary>
    public int MaxUnchainedValueBytes => _core.Pool.MaxRecordBytes - (int)Record.GreatestBytesFor(MaxKeyBytes, 0);

    /// <summary>The time by which entries expire: UTC when it was made plus the monotonic clock. Milliseconds since 1970.</summary>
    public long UnixMilliseconds => _core.Clock.UnixMilliseconds;

    /// <summary>
    /// How long ago the entries were last used that are evicted now: what is used more often than that stays.
    /// <see langword="null"/> if nothing was evicted in the last minute.
    /// </summary>
    /// <remarks>
    /// An estimate, to some percent and half the time between two calls of <see cref="Sweep"/>; never longer than the store
    /// exists, also where copies of older entries came in. Under S3-FIFO it is of entries that were used twice when they
    /// were new; others leave earlier. O(1): looks at up to 256 pairs of position and time.
    /// </remarks>
    public TimeSpan? EvictionAge => _evictionHistory.Age;

    /// <summary>What has changed of the entries whose values are kept elsewhere: see <see cref="ReadOptions.Watches"/>.</summary>
    public ChangeLog Changes => _core.Changes;

    /// <summary>What it has of each namespace, and how one is dropped: see <see cref="StoreOptions.Namespaces"/>.</summary>
    public HeldNamespaces Namespaces { get; }

    /// <summary>Tells of entries that are evicted, open or not as their shards are. Default nobody.</summary>
    public void TellOfEvictions(IEvictionSink? sink) => _core.TellOfEvictions(sink);

    internal StoreCore Core => _core;

    internal int RememberedDrops(int shard) => _shards[shard].RememberedDrops;

    /// <summary>Serves a shard from now on, with the entries that it holds.</summary>
    public void Open(int shard) => ChangeWhole(shard, static shard => shard.Open());

    /// <summary>Stops serving a shard. When this returns no operation on it is under way; its entries stay.</summary>
    public void Close(int shard)
    {
        lock (_shards[shard].Gate)
        {
            _shards[shard].Close();
            Changes.ShardChanged(shard, isOpen: false);
        }
    }

    /// <summary>Drops a shard's entries at once and gives their memory back.</summary>
    public void Clear(int shard) => ChangeWhole(shard, static shard => shard.Clear());

    /// <summary>Whether a shard is served. A guess: it may change at any time; each operation finds out for itself.</summary>
    public bool IsOpen(int shard) => _shards[shard].IsServed;

    /// <summary>
    /// Answers every operation with NotOpen from now on, or no more. Shards stay open or closed as they are, and feeds go
    /// on.
    /// </summary>
    public void Suspend(bool isSuspended) => _core.IsSuspended = isSuspended;

    /// <summary>Reads an entry. One with a window expires later because of it.</summary>
    /// <param name="shard">The key's shard.</param>
    /// <param name="key">The key.</param>
    /// <param name="sink">Takes the entry on a hit.</param>
    /// <returns>Success, NotFound or NotOpen.</returns>
    public StoreResult Get<TSink>(int shard, ReadOnlySpan<byte> key, ref TSink sink)
        where TSink : struct, IEntrySink, allows ref struct => _reads.Get(_shards[shard], key, ref sink);

    /// <summary>Reads an entry, gives it a new expiration, and ends its window. Its cas stays.</summary>
    /// <param name="shard">The key's shard.</param>
    /// <param name="key">The key.</param>
    /// <param name="expiration">When it expires from now on.</param>
    /// <param name="sink">Takes the entry on a hit, with its new expiration.</param>
    /// <returns>Success, NotFound, NotOpen or NoRoom.</returns>
    /// <exception cref="ArgumentException"><paramref name="expiration"/> has a window: only a new entry gets one.</exception>
    public StoreResult GetAndTouch<TSink>(int shard, ReadOnlySpan<byte> key, Expiration expiration, ref TSink sink)
        where TSink : struct, IEntrySink, allows ref struct
    {
        expiration.ThrowIfSliding(nameof(expiration));
        return _reads.GetAndTouch(_shards[shard], key, expiration, ref sink);
    }

    /// <summary>Gives an entry a new expiration, and ends its window. Its cas stays.</summary>
    /// <returns>Success, NotFound, NotOpen or NoRoom.</returns>
    /// <exception cref="ArgumentException"><paramref name="expiration"/> has a window: only a new entry gets one.</exception>
    public StoreResult Touch(int shard, ReadOnlySpan<byte> key, Expiration expiration)
    {
        expiration.ThrowIfSliding(nameof(expiration));
        return _reads.Touch(_shards[shard], key, expiration);
    }

    /// <summary>Reads all that is known of an entry, and does with it what the options say, at once.</summary>
    /// <param name="shard">The key's shard.</param>
    /// <param name="key">The key.</param>
    /// <param name="options">What else is done. Expirations have no window, but for one that is created.</param>
    /// <param name="sink">Takes the entry, as it was before.</param>
    /// <returns>Success, NotFound, Declined, NotOpen or NoRoom.</returns>
    public StoreResult Read<TSink>(int shard, ReadOnlySpan<byte> key, in ReadOptions options, ref TSink sink)
        where TSink : struct, IReadSink, allows ref struct =>
        _detailedReads.Read(_shards[shard], key, options, ref sink);

    /// <summary>Removes an entry.</summary>
    /// <returns>Success, NotFound or NotOpen.</returns>
    public StoreResult Delete(int shard, ReadOnlySpan<byte> key) => _writes.Delete(_shards[shard], key);

    /// <summary>Removes an entry if a condition holds, or leaves it there stale or empty.</summary>
    /// <returns>Success, Exists, NotFound, NotOpen or NoRoom.</returns>
    public StoreResult Delete(int shard, ReadOnlySpan<byte> key, in DeleteOptions options) =>
        _deletes.Delete(_shards[shard], key, options);

    /// <summary>Stores a value.</summary>
    /// <param name="shard">The key's shard.</param>
    /// <param name="mode">The condition and manner.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or what is put behind or before it.</param>
    /// <param name="flags">The client's flags; ignored by append and prepend.</param>
    /// <param name="expiration">Ignored by append and prepend, which keep it: to them a window begins anew.</param>
    /// <param name="compare">The cas that the entry must have; of <see cref="PutMode.CompareAndSet"/> only.</param>
    /// <param name="cas">The entry's new cas on success.</param>
    /// <returns>Success, NotStored, Exists, NotFound, TooLarge, NoRoom or NotOpen.</returns>
    public StoreResult Put(
        int shard,
        PutMode mode,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        uint flags,
        Expiration expiration,
        ulong compare,
        out ulong cas)
    {
        ulong compared = mode == PutMode.CompareAndSet ? compare : 0;
        var options = new PutOptions { Mode = mode, Flags = flags, Expiration = expiration, Compare = compared };
        StoreResult result = Put(shard, key, value, options, out PutOutcome outcome);
        cas = outcome.Cas;
        return result;
    }

    /// <summary>Stores a value.</summary>
    /// <param name="shard">The key's shard.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or what is put behind or before it.</param>
    /// <param name="options">How.</param>
    /// <param name="outcome">The entry, on success.</param>
    /// <returns>Success, NotStored, Exists, NotFound, TooLarge, NoRoom or NotOpen.</returns>
    public StoreResult Put(
        int shard, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in PutOptions options, out PutOutcome outcome)
    {
        outcome = default;
        if (value.Length > Options.MaxValueBytes)
        {
            return StoreResult.TooLarge;
        }

        Shard target = _shards[shard];
        StoreResult result = _writes.Put(target, key, value, options, out outcome, out bool isLong);
        return isLong ? _longValues.Put(target, key, value, options, out outcome) : result;
    }

    /// <summary>Adds to or subtracts from an unsigned decimal.</summary>
    /// <param name="shard">The key's shard.</param>
    /// <param name="key">The key.</param>
    /// <param name="delta">How much.</param>
    /// <param name="negative">Subtract: stops at 0. Adding wraps at 2^64.</param>
    /// <param name="number">The new number.</param>
    /// <param name="cas">The entry's new cas.</param>
    /// <returns>Success, NotFound, NotNumeric, NotOpen or NoRoom.</returns>
    /// <remarks>A number that needs fewer digits than the value has is padded with spaces behind it, as in memcached.</remarks>
    public StoreResult Increment(
        int shard, ReadOnlySpan<byte> key, ulong delta, bool negative, out ulong number, out ulong cas)
    {
        var options = new CountOptions { Delta = delta, IsNegative = negative };
        StoreResult result = _counts.Count(_shards[shard], key, options, out CountOutcome outcome);
        number = outcome.Number;
        cas = outcome.Cas;
        return result;
    }

    /// <summary>Adds to or subtracts from an unsigned decimal, and does with it what the options say, at once.</summary>
    /// <returns>Success, Exists, NotFound, NotNumeric, NotOpen or NoRoom.</returns>
    /// <inheritdoc cref="Increment"/>
    public StoreResult Count(int shard, ReadOnlySpan<byte> key, in CountOptions options, out CountOutcome outcome) =>
        _counts.Count(_shards[shard], key, options, out outcome);

    /// <summary>Reads a page of the keys of a shard that begin with some bytes. Counts as no use.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="prefix">The bytes; none are all keys.</param>
    /// <param name="position">Where the page begins, then where the next one does. One of another store is the beginning.</param>
    /// <param name="maxEntries">About how many entries to look at, while operations on the shard wait.</param>
    /// <param name="keys">Gets the keys: those that are there from the first page to the last, once each, and some others.</param>
    /// <returns>Success or NotOpen.</returns>
    public StoreResult Scan(
        int shard, ReadOnlySpan<byte> prefix, ref ScanPosition position, int maxEntries, ICollection<byte[]> keys) =>
        _keyScan.Read(_shards[shard], prefix, ref position, maxEntries, keys);

    /// <summary>Drops a shard's entries: at a time, or at once if that is not in the future.</summary>
    /// <param name="shard">The shard, open or not.</param>
    /// <param name="atUnixMilliseconds">UTC. At that time everything last changed before it is gone.</param>
    /// <returns>Whether the shard is open, and not suspended.</returns>
    public bool Flush(int shard, long atUnixMilliseconds)
    {
        lock (_shards[shard].Gate)
        {
            _shards[shard].FlushAt(atUnixMilliseconds);
            return _shards[shard].IsServed;
        }
    }

    /// <summary>Drops a shard's entries that have a tag and were changed last before now.</summary>
    /// <param name="shard">The shard, open or not.</param>
    /// <param name="tag">The tag's hash.</param>
    /// <returns>Whether the shard is open, and not suspended.</returns>
    /// <remarks>Constant time, however many there are; their memory comes back as that of expired entries.</remarks>
    public bool DropTag(int shard, ulong tag)
    {
        lock (_shards[shard].Gate)
        {
            _shards[shard].DropTag(tag, _shards[shard].Marks.NextCas);
            return _shards[shard].IsServed;
        }
    }

    /// <summary>Begins a value that is written piece by piece: one that is long, or that arrives slowly.</summary>
    /// <param name="key">The key.</param>
    /// <param name="length">Length of the whole value. Bytes; at most the limit.</param>
    /// <param name="options">What it will be committed with. Its expiration counts from the commit.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is over the limit.</exception>
    public StagedValue Stage(ReadOnlySpan<byte> key, int length, in PutOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Options.MaxValueBytes);
        return _longValues.Stage(key, length, options.Flags, options.NewExpiration, options.Tags.Bytes);
    }

    /// <summary>Stores a staged value that is complete. Dispose of it afterwards.</summary>
    /// <param name="shard">The key's shard.</param>
    /// <param name="staged">The value, staged with the flags and the expiration that it has as a new entry.</param>
    /// <param name="options">How: those that it was staged with.</param>
    /// <param name="outcome">The entry, on success.</param>
    /// <returns>Success, NotStored, Exists, NotFound, TooLarge, NoRoom or NotOpen.</returns>
    /// <exception cref="ArgumentException">The value is not complete.</exception>
    public StoreResult Commit(int shard, StagedValue staged, in PutOptions options, out PutOutcome outcome)
    {
        if (staged.Written != staged.Length)
        {
            throw new ArgumentException($"The value has {staged.Written} of {staged.Length} bytes.", nameof(staged));
        }

        return _longValues.Commit(_shards[shard], staged, options, out outcome);
    }

    /// <summary>Removes entries whose time has passed, a bounded number at a time. Call it once or twice a second.</summary>
    /// <param name="maxRecords">About how many records to look at.</param>
    /// <returns>Records looked at; less than asked when there is nothing more to do now.</returns>
    public int Sweep(int maxRecords)
    {
        _core.Imports.SealIfIdle();
        _evictionHistory.Note();
        return _sweeper.Sweep(maxRecords);
    }

    /// <summary>
    /// Changes of a shard so far: every write, deletion, new expiration and flush is one; of what reads do to entries with a
    /// window, eight in a window at most, and their expiry.
    /// </summary>
    /// <returns>At least the number of any change that has returned to the caller.</returns>
    public long ChangesOf(int shard) => _shards[shard].Feeds.Changes;

    /// <summary>
    /// Begins to feed a shard to a copy in another store: its entries, and what changes from now on. Dispose of it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The shard has <see cref="ShardFeed.MaxFeeds"/> feeds.</exception>
    public ShardFeed OpenFeed(int shard) => ShardFeed.Open(_core, _evictor, _shards[shard], shard);

    /// <summary>Applies the next frame of another store's feed to a shard that is closed here.</summary>
    /// <param name="shard">The shard, of the same number there.</param>
    /// <param name="frame">
    /// What <see cref="ShardFeed.Read"/> has written: every frame of a feed in its order, from the first one.
    /// </param>
    /// <returns>
    /// How it ended. Anything but applied: nothing changed, and the copy must not be used but with a new feed.
    /// </returns>
    public ApplyResult Apply(int shard, ReadOnlySpan<byte> frame) => _copyWrites.Apply(_shards[shard], shard, frame);

    /// <summary>The counters of one shard.</summary>
    public StoreStatistics GetStatistics(int shard)
    {
        lock (_shards[shard].Gate)
        {
            return _shards[shard].Statistics;
        }
    }

    /// <summary>The counters of all shards, and the memory they take. Each shard's are exact; they are read in turn.</summary>
    public StoreStatistics GetStatistics() => Enumerable.Range(0, _shards.Length).Aggregate(
        new StoreStatistics { UsedBytes = _core.Pool.UsedBytes, BudgetBytes = Budget.Bytes },
        (sum, shard) => sum + GetStatistics(shard));

    /// <summary>The keys that are used most: operations of the last 10 to 20 s on shards that were open.</summary>
    /// <param name="max">How many at most; there are no more than 512, of which the last ones tell nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="max"/> is negative.</exception>
    /// <remarks>Sampled operations wait while it sorts up to 512 keys: not for asking all the time.</remarks>
    public HotKeyReport GetHotKeys(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        return _core.KeyUses.Report(max);
    }

    /// <summary>Gives the memory back. No operation may be under way, and no feed open.</summary>
    public void Dispose() => _core.Dispose();

    // A copy that is coming in ends.
    private void ChangeWhole(int number, Action<Shard> change)
    {
        Shard shard = _shards[number];
        lock (shard.Copy.Gate)
        {
            shard.Copy.DropArriving_NeedsLock();
            lock (shard.Gate)
            {
                change(shard);
                Changes.ShardChanged(number, shard.IsOpen);
            }
        }
    }
}
