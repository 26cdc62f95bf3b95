using System.Runtime.InteropServices;
using Granary.Cache.Membership;
using Granary.Cache.Routing;
using Granary.Cache.Shards;
using Granary.Watching;
using Granary.Wire;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Watching;

// Every read of another silo's shard passes here. What is read often is asked for in the way of clients that keep values
// (docs/decisions/0011, 0014): the same read, whose answer the owner promises to tell changes of. It answers the reads that
// follow, until it changes, its shard is served by somebody else, its silo is not heard any more, or a second is over: then the
// next read goes to the owner, which so knows that the entry is in use.

/// <summary>Reads of other silos' shards that are answered here. Thread-safe.</summary>
internal sealed class HotReads : IDisposable
{
    /// <summary>Longest time that a copy is kept, and that what a silo has told counts: how old an answer may be at most.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    // A copy costs its owner a read a second, and a message to this silo when it changes: less than so many reads.
    private const int HotReadCount = 16;
    private const int MaxCopies = 1024;
    private const long MaxBytes = 8 << 20;

    private static readonly TimeSpan RatePeriod = TimeSpan.FromMilliseconds(100);

    // A key that changes all the time is a message to each silo that has read it every 20 ms at most.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private readonly ClusterView _view;
    private readonly ShardRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ReadRates _rates;
    private readonly HotCopies _copies;
    private readonly ShardWatches _watches;
    private readonly Lock _beginning = new();
    private bool _isWatching;
    private long _hits;

    public HotReads(ClusterView view, ShardRegistry registry, TimeProvider time, ILogger<HotReads> logger)
    {
        _view = view;
        _registry = registry;
        _time = time;
        _rates = new ReadRates(TicksOf(RatePeriod), HotReadCount);
        _copies = new HotCopies(MaxCopies, MaxBytes, TicksOf(Lifetime));
        _watches = new ShardWatches(
            time, Lifetime, Rest, Tell, (silo, failure) => logger.SiloDoesNotTell(silo, failure.Message));
    }

    /// <summary>Reads that were answered here.</summary>
    public long Hits => Volatile.Read(ref _hits);

    /// <summary>Whether a copy can answer an operation as its owner would.</summary>
    public static bool CanAnswer(in PackedOperation operation) => operation.Operation == CacheOperation.Get
        || (operation.Operation == CacheOperation.ReadWith
            && operation.Options is { Bits: OperationBits.WantsValue, NewCas: 0 });

    /// <summary>The operation by which the answer to one may be kept.</summary>
    public static PackedOperation ToBeKept(in PackedOperation operation) => new()
    {
        Operation = CacheOperation.ReadWith,
        Key = operation.Key,
        Options = new OperationOptions { Bits = OperationBits.WantsValue | OperationBits.Watches },
    };

    /// <summary>Answers a read, if there is a copy. Nothing else of its shard may be under way in the window.</summary>
    /// <param name="operation">One that a copy can answer.</param>
    /// <param name="hash">Its key's.</param>
    /// <param name="window">Gets the answer.</param>
    public bool TryAnswer(in PackedOperation operation, ulong hash, RemoteWindow window)
    {
        if (!_copies.TryGet(hash, operation.Key, out HotCopy? copy))
        {
            return false;
        }

        long now = _time.GetTimestamp();
        if (!copy.Holds(now) || copy.Term != _registry[ShardOf(hash)].Announced)
        {
            return false;
        }

        Interlocked.Increment(ref _hits);
        window.Answer(window.Begin(), copy.ReplyAt(now, _time.TimestampFrequency), shape: 0); // it is not passed on
        return true;
    }

    /// <summary>A read is about to be forwarded.</summary>
    /// <param name="hash">Its key's.</param>
    /// <returns>Not <see langword="null"/> if it is to be asked as <see cref="ToBeKept"/>.</returns>
    public HotRead? Begin(ulong hash)
    {
        long now = _time.GetTimestamp();
        if (!_rates.Add(hash, now))
        {
            return null;
        }

        if (!Volatile.Read(ref _isWatching))
        {
            BeginWatching();
        }

        long term = _registry[ShardOf(hash)].Announced;
        return _watches.WatchOf(hash) is { } watch ? _copies.Begin(hash, watch, term, now) : null;
    }

    /// <summary>Whoever has sent an operation is about to have its answer.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="read">What <see cref="Begin"/> has returned.</param>
    /// <param name="answer">The answer; <see langword="default"/> if there is none.</param>
    public void Answered(in PackedOperation operation, HotRead? read, in PackedReply answer)
    {
        ulong hash = ShardHash.Of(operation.Key);
        if (!operation.IsRead || answer.Status != CacheStatus.Success)
        {
            Forget(hash);
        }
        else if (read is null || CopyOf(read, operation, answer) is not { } copy || !_copies.End(read, copy))
        {
            _copies.Seen(hash, answer.Cas);
        }
    }

    /// <summary>Whoever has changed an entry in another way is about to be told.</summary>
    public void Forget(ulong hash)
    {
        if (_copies.Forget(hash))
        {
            _rates.Halve(hash);
        }
    }

    /// <summary>Whoever has flushed the cluster is about to be told.</summary>
    public void ForgetAll() => _copies.Clear();

    public void Dispose()
    {
        _view.Changed -= Follow;
        _watches.Dispose();
    }

    // What is written as often as it is read is not worth a copy: each change halves its count.
    private void Tell(EntryChange change)
    {
        if (change.Kind == EntryChangeKind.Tag)
        {
            _copies.TagDropped(change.Subject);
        }
        else if (change.Kind == EntryChangeKind.Entry && _copies.Changed(change.Subject, change.Cas))
        {
            _rates.Halve(change.Subject);
        }
    }

    private void BeginWatching()
    {
        lock (_beginning)
        {
            if (_isWatching)
            {
                return;
            }

            _view.Changed += Follow;
            Volatile.Write(ref _isWatching, true);
        }

        Follow(_view.Current);
    }

    // A silo that is cut off from this one is not asked through another: who does not hear of changes keeps nothing.
    private void Follow(ViewSnapshot _)
    {
        lock (_beginning)
        {
            // Not the one that is handed over: the last of two calls is to see the newest.
            ServedSilo[] others = [.. _view.Current.Members.Where(silo => !silo.Equals(_view.Self)).Select(silo => new ServedSilo
            {
                Name = silo.ToString(),
                Address = silo,
                Gateway = null,
                Draining = false,
                Service = _view.DirectServiceOf(silo),
            })];
            _watches.Follow(_registry.ShardCount, others);
        }
    }

    private HotCopy? CopyOf(HotRead read, in PackedOperation operation, in PackedReply answer)
    {
        if ((answer.State.Bits & ~StateBits.Fetched) != StateBits.Watched)
        {
            return null; // an older silo, or an entry that is more than its value: stale, or with a key in base64
        }

        long expiresAt = answer.Number == 0
            ? long.MaxValue
            : read.Asked + (long)Math.Min(answer.Number / 1000.0 * _time.TimestampFrequency, long.MaxValue / 4);
        return new HotCopy
        {
            Key = operation.Key.ToArray(),
            Value = answer.Value.ToArray(),
            Flags = answer.Flags,
            Cas = answer.Cas,
            Tags = MemoryMarshal.Cast<byte, ulong>(answer.Tags).ToArray(),
            Watch = read.Watch,
            Term = read.Term,
            KeptUntil = Math.Min(read.Until, expiresAt),
            ExpiresAt = expiresAt,
        };
    }

    private int ShardOf(ulong hash) => ShardHash.ShardOf(hash, _registry.ShardCount);

    private long TicksOf(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
