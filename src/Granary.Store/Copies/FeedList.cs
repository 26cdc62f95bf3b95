using Granary.Store.Watching;

namespace Granary.Store.Copies;

/// <summary>
/// Counts a shard's changes, and tells its feeds of them and those who watch. Under the shard's lock, but for the count.
/// </summary>
internal struct FeedList(ChangeLog watchers, int shard)
{
    private ShardFeed[]? _feeds;
    private long _changes;

    /// <summary>Changes by operations so far. May be read without the lock.</summary>
    public readonly long Changes => Volatile.Read(in _changes);

    public readonly int Count => _feeds?.Length ?? 0;

    public void Add(ShardFeed feed) => _feeds = [.. _feeds ?? [], feed];

    public void Remove(ShardFeed feed)
    {
        ShardFeed[] left = Array.FindAll(_feeds ?? [], other => other != feed);
        _feeds = left.Length == 0 ? null : left;
    }

    /// <summary>An entry was changed: written, deleted or given another expiry.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="key">The key.</param>
    /// <param name="cas">The cas that clients see, if they may have the value with it; 0: what they have is old.</param>
    public void Changed(ulong hash, ReadOnlySpan<byte> key, ulong cas = 0)
    {
        Changed();
        watchers.Changed(hash, key, cas);
        if (_feeds is not null)
        {
            Tell(_feeds, hash, key);
        }
    }

    /// <summary>A key was to be deleted and is absent; but what was evicted here, others may still have.</summary>
    public void Missed(ulong hash, ReadOnlySpan<byte> key)
    {
        if (_feeds is not null)
        {
            Changed(hash, key);
        }
        else
        {
            watchers.Changed(hash, key, cas: 0);
        }
    }

    /// <summary>The shard was flushed, or is to be: the head of every frame says it.</summary>
    public void Flushed(bool isOpen)
    {
        Changed();
        if (isOpen)
        {
            watchers.ShardChanged(shard, isOpen);
        }
    }

    /// <summary>Entries of a tag were dropped.</summary>
    public void TagDropped(ulong tag, ulong belowCas)
    {
        Changed();
        foreach (ShardFeed feed in _feeds ?? [])
        {
            feed.NoteDrop_NeedsLock(new FeedDrop(_changes, tag, default, belowCas));
        }
    }

    /// <summary>Entries whose keys begin with some bytes were dropped. To who watches it is as a flush.</summary>
    public void PrefixDropped(ReadOnlyMemory<byte> prefix, ulong belowCas, bool isOpen)
    {
        Flushed(isOpen);
        foreach (ShardFeed feed in _feeds ?? [])
        {
            feed.NoteDrop_NeedsLock(new FeedDrop(_changes, 0, prefix, belowCas));
        }
    }

    /// <summary>An entry was evicted for good: it is to go from copies as well, but a value of it is as good as before.</summary>
    public void Evicted(ulong hash, ReadOnlySpan<byte> key)
    {
        if (_feeds is not null)
        {
            Changed();
            Tell(_feeds, hash, key);
        }
    }

    /// <summary>The entries that the feeds have sent were dropped without a change: they cannot go on.</summary>
    public void Break()
    {
        foreach (ShardFeed feed in _feeds ?? [])
        {
            feed.Break_NeedsLock();
        }

        _feeds = null;
    }

    private void Changed() => Volatile.Write(ref _changes, _changes + 1);

    private readonly void Tell(ShardFeed[] feeds, ulong hash, ReadOnlySpan<byte> key)
    {
        foreach (ShardFeed feed in feeds)
        {
            feed.Note_NeedsLock(_changes, hash, key);
        }
    }
}
