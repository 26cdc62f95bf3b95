using System.Globalization;
using System.Text.Unicode;
using Granary.Memcached.Sessions;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Store.Eviction;

namespace Granary.Memcached.Server;

/// <summary>The clients that watch, and what of. Thread-safe.</summary>
/// <param name="store">Tells of evictions, as long as somebody watches them.</param>
/// <param name="time">What time it is.</param>
internal sealed class WatcherList(CacheStore store, TimeProvider time) : IEvictionSink
{
    /// <summary>Clients that watch at the same time. memcached's WATCHER_LIMIT.</summary>
    public const int MaxWatchers = 20;

    private const int MaxLineBytes = 4096; // a key of 1 KiB is three times as long in it

    private readonly Lock _lock = new();
    private volatile Watcher[] _all = [];
    private volatile WatchedEvents _wanted;
    private long _lines;
    private long _sent;
    private long _skipped;

    public int Count => _all.Length;

    /// <summary>Lines that watchers were told, each one counted.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>And those that they were not, because they did not read.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>Whether anybody watches anything.</summary>
    public bool IsOn => _wanted != WatchedEvents.None;

    /// <summary>Whether anybody watches that.</summary>
    public bool Wants(WatchedEvents events) => (_wanted & events) != WatchedEvents.None;

    /// <returns><see langword="false"/> if there are too many.</returns>
    public bool TryAdd(Watcher watcher)
    {
        lock (_lock)
        {
            if (_all.Length == MaxWatchers)
            {
                return false;
            }

            Set_NeedsLock([.. _all, watcher]);
            return true;
        }
    }

    public void Remove(Watcher watcher)
    {
        lock (_lock)
        {
            Set_NeedsLock([.. _all.Where(other => other != watcher)]);
        }
    }

    /// <summary>Tells those who watch such events.</summary>
    /// <param name="events">What it is.</param>
    /// <param name="text">The line, without its time, number and end.</param>
    public void Tell(WatchedEvents events, ReadOnlySpan<byte> text)
    {
        Span<byte> line = stackalloc byte[MaxLineBytes];
        long microseconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        (long seconds, long rest) = Math.DivRem(microseconds, 1_000_000);
        long number = Interlocked.Increment(ref _lines);
        Utf8.TryWrite(line, CultureInfo.InvariantCulture, $"ts={seconds}.{rest:D6} gid={number} {text}\n", out int length);
        foreach (Watcher watcher in _all)
        {
            if ((watcher.Events & events) != WatchedEvents.None)
            {
                ref long count = ref (watcher.Tell(line[..length]) ? ref _sent : ref _skipped);
                Interlocked.Increment(ref count);
            }
        }
    }

    /// <inheritdoc/>
    public void Evicted(ReadOnlySpan<byte> key, in EntryDetails details)
    {
        Span<byte> room = stackalloc byte[EventText.MaxLength];
        Tell(WatchedEvents.Evictions, EventText.Evicted(room, key, details, store.UnixMilliseconds));
    }

    private void Set_NeedsLock(Watcher[] all)
    {
        _all = all;
        _wanted = all.Aggregate(WatchedEvents.None, static (wanted, watcher) => wanted | watcher.Events);
        store.TellOfEvictions(Wants(WatchedEvents.Evictions) ? this : null);
    }
}
