using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Granary.Watching;

namespace Granary.Cache.Watching;

// One read of a key at a time is noted, and with it what is heard of the key until it is answered: a change, by the cas that
// the owner tells; a plain read's answer, by the cas that somebody has seen; a change of this silo's own, which undoes the
// note. So a copy is never older than what anybody on this silo has been answered before it is kept, nor afterwards.
//
// A copy lives for a second at most, so nothing is done to choose who stays: when there is no room, what has ended goes, and
// if nothing has, nothing more is kept.

/// <summary>Copies of other silos' entries, found by the hashes of their keys. Thread-safe.</summary>
internal sealed class HotCopies
{
    private readonly ConcurrentDictionary<ulong, HotSlot> _slots = new();
    private readonly int _maxCopies;
    private readonly long _maxBytes;
    private readonly long _lifetime;
    private long _bytes;
    private int _count;
    private long _tagDrops;
    private long _sweptAt = long.MinValue;

    /// <param name="maxCopies">Keys at most.</param>
    /// <param name="maxBytes">Of copies, and what they take beside their bytes.</param>
    /// <param name="lifetime">How long a copy is kept at most. Timestamp ticks.</param>
    public HotCopies(int maxCopies, long maxBytes, long lifetime)
    {
        _maxCopies = maxCopies;
        _maxBytes = maxBytes;
        _lifetime = lifetime;
    }

    /// <summary>Keys that have a copy, or had one a moment ago.</summary>
    public int Count => Volatile.Read(ref _count);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Tags dropped so far.</summary>
    public long TagDrops => Interlocked.Read(ref _tagDrops);

    /// <summary>The copy of a key, which may have ended.</summary>
    public bool TryGet(ulong hash, ReadOnlySpan<byte> key, [NotNullWhen(true)] out HotCopy? copy)
    {
        copy = _slots.TryGetValue(hash, out HotSlot? slot) ? slot.Copy : null;
        return copy is not null && key.SequenceEqual(copy.Key);
    }

    /// <summary>A key is about to be read.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="watch">In which it is read.</param>
    /// <param name="term">At which its shard is served.</param>
    /// <param name="now">A timestamp.</param>
    /// <returns>For <see cref="End"/>; <see langword="null"/> if the answer is not to be kept.</returns>
    public HotRead? Begin(ulong hash, ShardWatch watch, long term, long now)
    {
        if (!_slots.TryGetValue(hash, out HotSlot? slot) && !TryAdd(hash, now, out slot))
        {
            return null;
        }

        lock (slot)
        {
            return slot.IsGone || (slot.Read is { } other && now < other.Until)
                ? null
                : slot.Read = new HotRead
                {
                    Slot = slot,
                    Watch = watch,
                    Term = term,
                    Asked = now,
                    Until = now + _lifetime,
                    TagDrops = TagDrops,
                };
        }
    }

    /// <summary>A read is answered.</summary>
    /// <returns>Whether the copy is kept.</returns>
    public bool End(HotRead read, HotCopy copy)
    {
        HotSlot slot = read.Slot;
        lock (slot)
        {
            if (slot.Read != read)
            {
                return false;
            }

            slot.Read = null;
            bool isOld = !read.Accepts(copy.Cas) || (copy.Tags.Length > 0 && read.TagDrops != TagDrops);
            Replace_NeedsLock(slot, null);
            if (isOld || slot.IsGone || Bytes + copy.Bytes > _maxBytes)
            {
                return false;
            }

            Replace_NeedsLock(slot, copy);
            return true;
        }
    }

    /// <summary>An entry was changed.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="cas">Its cas since; 0: what is kept is old in any case.</param>
    /// <returns>Whether there was a copy, and it was old.</returns>
    public bool Changed(ulong hash, ulong cas)
    {
        if (!_slots.TryGetValue(hash, out HotSlot? slot))
        {
            return false;
        }

        lock (slot)
        {
            slot.Read?.Changed(cas);
            return DropUnless_NeedsLock(slot, cas);
        }
    }

    /// <summary>Somebody is about to be answered with an entry that was read at its silo.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="cas">The entry's.</param>
    public void Seen(ulong hash, ulong cas)
    {
        if (_slots.TryGetValue(hash, out HotSlot? slot))
        {
            lock (slot)
            {
                slot.Read?.Seen(cas);
                DropUnless_NeedsLock(slot, cas);
            }
        }
    }

    /// <summary>Somebody is about to be answered that an entry was changed, or has gone.</summary>
    /// <param name="hash">The key's.</param>
    /// <returns>Whether there was a copy.</returns>
    public bool Forget(ulong hash) => _slots.TryGetValue(hash, out HotSlot? slot) && Forget(slot);

    /// <summary>The entries of a tag were dropped.</summary>
    public void TagDropped(ulong tag)
    {
        Interlocked.Increment(ref _tagDrops);
        foreach (KeyValuePair<ulong, HotSlot> pair in _slots)
        {
            if (pair.Value.Copy is { } copy && Array.IndexOf(copy.Tags, tag) >= 0)
            {
                Forget(pair.Value);
            }
        }
    }

    /// <summary>Forgets everything, also what is being read.</summary>
    public void Clear()
    {
        foreach (KeyValuePair<ulong, HotSlot> pair in _slots)
        {
            Forget(pair.Value);
        }
    }

    private bool Forget(HotSlot slot)
    {
        lock (slot)
        {
            slot.Read = null;
            return DropUnless_NeedsLock(slot, cas: 0);
        }
    }

    private bool TryAdd(ulong hash, long now, [NotNullWhen(true)] out HotSlot? slot)
    {
        slot = null;
        if (Count >= _maxCopies || Bytes >= _maxBytes / 2)
        {
            Sweep(now);
        }

        if (Interlocked.Increment(ref _count) > _maxCopies)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        var added = new HotSlot();
        slot = _slots.GetOrAdd(hash, added);
        if (slot != added)
        {
            Interlocked.Decrement(ref _count);
        }

        return true;
    }

    // Not more often than copies end by themselves.
    private void Sweep(long now)
    {
        long last = Volatile.Read(ref _sweptAt);
        if ((last != long.MinValue && now - last < _lifetime / 4)
            || Interlocked.CompareExchange(ref _sweptAt, now, last) != last)
        {
            return;
        }

        foreach (KeyValuePair<ulong, HotSlot> pair in _slots)
        {
            HotSlot slot = pair.Value;
            lock (slot)
            {
                if (slot.Copy?.Holds(now) == true || (slot.Read is { } read && now < read.Until))
                {
                    continue;
                }

                slot.IsGone = true;
                Replace_NeedsLock(slot, null);
                if (_slots.TryRemove(pair))
                {
                    Interlocked.Decrement(ref _count);
                }
            }
        }
    }

    private bool DropUnless_NeedsLock(HotSlot slot, ulong cas)
    {
        bool isOld = slot.Copy is { } copy && copy.Cas != cas;
        if (isOld)
        {
            Replace_NeedsLock(slot, null);
        }

        return isOld;
    }

    private void Replace_NeedsLock(HotSlot slot, HotCopy? copy)
    {
        Interlocked.Add(ref _bytes, (copy?.Bytes ?? 0) - (slot.Copy?.Bytes ?? 0));
        slot.Copy = copy;
    }
}
