using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.HotKeys;
using Granary.Store.Memory;
using Granary.Store.Namespaces;
using Granary.Store.Watching;

namespace Granary.Store.Shards;

/// <summary>What all shards of a store share.</summary>
internal sealed class StoreCore : IDisposable
{
    private readonly StoreOptions _options;
    private long _flushes;
    private volatile bool _isSuspended;
    private volatile IEvictionSink? _evictionSink;

    public StoreCore(StoreOptions options, TimeProvider time)
    {
        _options = options;
        Clock = new StoreClock(time);
        NamespaceTable? namespaces = options.Namespaces.Count == 0 ? null : new NamespaceTable(options.Namespaces);
        Quotas = namespaces is null ? null : new NamespaceQuotas(namespaces, options.ShardCount);
        KeyHash = new KeyHash(options.HashSeed, namespaces);
        Changes = new ChangeLog(Clock);
        Pool = new SegmentPool(options.MemoryLimitBytes, Evictor.ReserveOf(options.Eviction));
        Lanes = new LaneSet(Pool, options.LaneCount);
        Main = options.Eviction == EvictionPolicy.S3Fifo ? new Lane(Pool, isMain: true) : null;
        Imports = new ImportBins(Pool);
        Pages = new IndexPages(Pool);
        KeyBlocks = new KeyBlocks(Pool);
        LastUses = new LastUses(Clock, Pool);
        KeyUses = new KeyUses(Clock, options.HotKeySamplePeriod);
    }

    public StoreClock Clock { get; }

    /// <summary>Of the namespaces; <see langword="null"/> if there are none, and nothing is done for them.</summary>
    public NamespaceQuotas? Quotas { get; }

    public KeyHash KeyHash { get; }

    public ChangeLog Changes { get; }

    public SegmentPool Pool { get; }

    public LaneSet Lanes { get; }

    /// <summary>What is appended to the main queue of S3-FIFO; under LRU there is none.</summary>
    public Lane? Main { get; }

    public ImportBins Imports { get; }

    public IndexPages Pages { get; }

    public KeyBlocks KeyBlocks { get; }

    public KeyUses KeyUses { get; }

    public LastUses LastUses { get; }

    /// <summary>Whether entries that live may be dropped for others.</summary>
    public bool Evicts => _options.Eviction != EvictionPolicy.None;

    /// <summary>Whether no shard is served, open or not.</summary>
    public bool IsSuspended
    {
        get => _isSuspended;
        set => _isSuspended = value;
    }

    /// <summary>Flushes so far: the sweep looks at every segment again after one.</summary>
    public long Flushes => Volatile.Read(ref _flushes);

    public void NoteFlush() => Interlocked.Increment(ref _flushes);

    /// <summary>What a shard samples its operations by. The multiplier, 2^64 by the golden ratio, spreads the seeds.</summary>
    public SampleCountdown NewCountdown(int shard) => new(
        _options.HotKeySamplePeriod,
        (uint)(unchecked(((ulong)_options.HashSeed + (uint)shard + 1) * 0x9E37_79B9_7F4A_7C15) >> 32));

    /// <summary>Who is told of evictions from now on; <see langword="null"/> for nobody.</summary>
    public void TellOfEvictions(IEvictionSink? sink) => _evictionSink = sink;

    /// <summary>Tells that an entry is to be evicted, if somebody wants to know. With the lock of its shard.</summary>
    public unsafe void TellEviction(Record* record)
    {
        if (_evictionSink is { } sink)
        {
            sink.Evicted(Record.Key(record), new EntryDetails
            {
                Entry = EntryInfo.Of(record),
                Marks = record->Marks,
                SecondsUnused = LastUses.SecondsSince(record->LastUse, record->UseStamp),
            });
        }
    }

    public void Dispose() => Pool.Dispose();
}
