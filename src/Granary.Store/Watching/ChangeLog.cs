using System.IO.Hashing;
using System.Runtime.InteropServices;
using Granary.Store.Entries;

namespace Granary.Store.Watching;

// Who keeps values that it has read asks for what has changed since it asked last. So nothing is known here of who keeps
// what: a key's bit is set when somebody reads it to keep its value (WatchedKeys), and changes of such keys are written into
// a ring. Whoever is so far behind that the ring has gone round is told so, and forgets everything.
//
// A read sets the bit under the shard's lock, and a change looks for it under the same: no change after a read is missed.

/// <summary>
/// The last changes of entries whose values are kept elsewhere. 1 MiB, from the first reader on; until then it costs the
/// store's writers a comparison. Thread-safe; its lock is the innermost one.
/// </summary>
public sealed class ChangeLog
{
    /// <summary>Changes that a reader may be behind.</summary>
    public const int Capacity = 1 << 15;

    /// <summary>How long a change of a key is noted after it was read last: how long a value may be kept, and more.</summary>
    public static readonly TimeSpan Memory = WatchedKeys.Period;

    private readonly Lock _lock = new();
    private readonly StoreClock _clock;
    private volatile WatchedKeys? _keys;
    private WatchedChange[] _ring = [];
    private long _end;
    private TaskCompletionSource? _next;

    internal ChangeLog(StoreClock clock)
    {
        _clock = clock;
        Id = clock.UnixMilliseconds;
    }

    /// <summary>Which log it is: that of another life of the silo has another number.</summary>
    public long Id { get; }

    /// <summary>The position behind the last change.</summary>
    public long End
    {
        get
        {
            lock (_lock)
            {
                return _end;
            }
        }
    }

    /// <summary>Writes changes down from now on.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            if (_keys is null)
            {
                _ring = new WatchedChange[Capacity];
                _keys = new WatchedKeys(_clock);
            }
        }
    }

    /// <summary>Reads changes.</summary>
    /// <param name="position">Where from; then where to go on.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="changes">Oldest first; empty if there are none yet.</param>
    /// <returns><see langword="false"/> if what comes after the position is not known any more, or never was.</returns>
    public bool TryRead(ref long position, int max, out WatchedChange[] changes)
    {
        lock (_lock)
        {
            changes = [];
            if (_keys is null || position < 0 || position > _end || _end - position > Capacity)
            {
                return false;
            }

            changes = new WatchedChange[Math.Min(max, _end - position)];
            for (int i = 0; i < changes.Length; i++)
            {
                changes[i] = _ring[position++ % Capacity];
            }

            return true;
        }
    }

    /// <summary>Completes when there is a change behind a position.</summary>
    public Task AfterAsync(long position)
    {
        lock (_lock)
        {
            return _end > position
                ? Task.CompletedTask
                : (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>The entries of a tag were dropped in all shards here.</summary>
    /// <param name="tag">Its hash.</param>
    public void TagDropped(ulong tag)
    {
        if (_keys is { } keys && keys.Contains(tag))
        {
            Add(new WatchedChange(WatchedChangeKind.Tag, tag, 0));
        }
    }

    /// <summary>Has changes of a key noted, and drops of its tags, for as long as <see cref="Memory"/>. Under its shard's lock.</summary>
    /// <param name="hash">The key's, in this store.</param>
    /// <param name="tags">The hashes of the entry's tags.</param>
    /// <returns><see langword="false"/> if nobody reads the log.</returns>
    internal bool TryWatch(ulong hash, ReadOnlySpan<byte> tags)
    {
        if (_keys is not { } keys)
        {
            return false;
        }

        keys.Add(hash);
        foreach (ulong tag in MemoryMarshal.Cast<byte, ulong>(tags))
        {
            keys.Add(tag);
        }

        return true;
    }

    /// <summary>An entry was changed. Under its shard's lock.</summary>
    /// <param name="hash">The key's, in this store.</param>
    /// <param name="key">The key.</param>
    /// <param name="cas">See <see cref="WatchedChange"/>.</param>
    internal void Changed(ulong hash, ReadOnlySpan<byte> key, ulong cas)
    {
        if (_keys is { } keys && keys.Contains(hash))
        {
            Add(new WatchedChange(WatchedChangeKind.Entry, XxHash3.HashToUInt64(key), cas));
        }
    }

    internal void ShardChanged(int shard, bool isOpen)
    {
        if (_keys is not null)
        {
            Add(new WatchedChange(isOpen ? WatchedChangeKind.ShardBegun : WatchedChangeKind.ShardEnded, (uint)shard, 0));
        }
    }

    private void Add(in WatchedChange change)
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            _ring[_end++ % Capacity] = change;
            next = _next;
            _next = null;
        }

        next?.SetResult();
    }
}
