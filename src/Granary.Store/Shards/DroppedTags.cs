using System.Runtime.InteropServices;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

// A drop is remembered until nothing is left that it is about: then a walk over the index has removed what all drops before
// it are about. Each further drop pays for a piece of that walk, so nobody waits for all of it, and what is remembered is
// bounded: a walk begins with 1,024 drops, and ends before as many have come. Each takes about 30 B outside the budget.

/// <summary>The tags of a shard whose entries are gone, unless they were changed afterwards. Under the shard's lock.</summary>
internal sealed unsafe class DroppedTags(StoreCore core, Shard shard)
{
    private const int DropsOfAWalk = 1024;

    private Dictionary<ulong, ulong> _recent = []; // by tag: entries with a lower cas are gone
    private Dictionary<ulong, ulong>? _walked; // those from before the walk that is under way
    private ulong _next;

    /// <summary>Drops that are remembered.</summary>
    public int Count => _recent.Count + (_walked?.Count ?? 0);

    /// <summary>Entries of a tag with a lower cas are gone from now on.</summary>
    public void Add(ulong tag, ulong belowCas)
    {
        ref ulong below = ref CollectionsMarshal.GetValueRefOrAddDefault(_recent, tag, out _);
        below = Math.Max(below, belowCas);
        if (_walked is null && _recent.Count >= DropsOfAWalk)
        {
            _walked = _recent;
            _recent = [];
            _next = 0;
        }

        if (_walked is not null)
        {
            Walk(1 + (shard.Index.Shape.BucketCount / (DropsOfAWalk / 2)));
        }
    }

    /// <summary>Whether one of these tags was dropped when an entry had its cas already.</summary>
    public bool Contain(ReadOnlySpan<byte> tags, ulong cas)
    {
        foreach (ulong tag in MemoryMarshal.Cast<byte, ulong>(tags))
        {
            if ((_recent.TryGetValue(tag, out ulong below) && cas < below)
                || (_walked is not null && _walked.TryGetValue(tag, out below) && cas < below))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>There are no entries any more.</summary>
    public void Clear()
    {
        _recent = [];
        _walked = null;
    }

    private void Walk(int buckets)
    {
        for (; buckets > 0 && _walked is not null; buckets--)
        {
            int bucket = BucketOrder.BucketAt(shard.Index.Shape, _next, out _next);
            RemoveGone(bucket);
            _walked = _next == 0 ? null : _walked;
        }
    }

    private void RemoveGone(int bucket)
    {
        int place = 0;
        shard.Index.Scans++; // a shrinking index would move entries to where this has been
        for (ulong slot; (slot = shard.Index.NextEntry(bucket, ref place)) != 0; place++)
        {
            Record* record = shard.Index.RecordOf(slot);
            if (record->HasTags && shard.IsGone(record))
            {
                shard.RemoveGone(shard.Index.Find(core.KeyHash.Of(Record.Key(record)), IndexEntry.LocationOf(slot)));
            }
        }

        shard.Index.Scans--;
    }
}
