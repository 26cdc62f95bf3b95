using Granary.Store.Entries;
using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Namespaces;

/// <summary>What a store has of each of its namespaces. Thread-safe.</summary>
public sealed unsafe class HeldNamespaces
{
    private readonly StoreCore _core;
    private readonly Shard[] _shards;

    internal HeldNamespaces(StoreCore core, Shard[] shards)
    {
        _core = core;
        _shards = shards;
    }

    /// <summary>The number of a key's namespace, from 1 on; 0 if it has none. Of this store alone.</summary>
    public int NumberOf(ReadOnlySpan<byte> key) => _core.Quotas?.Table.Of(key) ?? 0;

    /// <summary>A namespace by its name.</summary>
    /// <returns>Its number; 0 if there is none of that name.</returns>
    public int NumberOf(string name) => Enumerable.Range(1, _core.Quotas?.Table.Count ?? 0)
        .FirstOrDefault(number => string.Equals(_core.Quotas!.Table[number].Name, name, StringComparison.Ordinal));

    /// <summary>What a namespace is.</summary>
    public StoreNamespace this[int number] => _core.Quotas!.Table[number];

    /// <summary>The counters of each. Each shard's are exact; they are read in turn.</summary>
    public NamespaceStatistics[] GetStatistics()
    {
        if (_core.Quotas is not { } quotas)
        {
            return [];
        }

        NamespaceStatistics[] sums = [.. Enumerable.Range(1, quotas.Table.Count).Select(quotas.Describe)];
        foreach (Shard shard in _shards)
        {
            lock (shard.Gate)
            {
                for (int index = 0; index < sums.Length; index++)
                {
                    sums[index] = shard.Namespaces!.AddTo(sums[index], index + 1);
                }
            }
        }

        return sums;
    }

    /// <summary>Drops a shard's entries whose keys begin with some bytes and that were changed last before now.</summary>
    /// <param name="shard">The shard, open or not.</param>
    /// <param name="prefix">A namespace's. Silos may have different ones for a while, so any other does as well.</param>
    /// <returns>Whether the shard is open, and not suspended.</returns>
    /// <remarks>Constant time, however many there are. If the prefix is of no namespace here, it looks at each entry.</remarks>
    public bool Drop(int shard, ReadOnlySpan<byte> prefix)
    {
        Shard target = _shards[shard];
        lock (target.Gate)
        {
            Drop_NeedsLock(target, prefix, target.Marks.NextCas);
            return target.IsServed;
        }
    }

    internal void Drop_NeedsLock(Shard shard, ReadOnlySpan<byte> prefix, ulong belowCas)
    {
        if (_core.Quotas?.Table.WithPrefix(prefix) is > 0 and int number)
        {
            shard.DropNamespace(number, belowCas);
            return;
        }

        shard.Index.Scans++; // a shrinking index would move entries to where this has been
        for (int bucket = 0; bucket < shard.Index.Shape.BucketCount; bucket++)
        {
            Remove(shard, bucket, prefix, belowCas);
        }

        shard.Index.Scans--;
    }

    private void Remove(Shard shard, int bucket, ReadOnlySpan<byte> prefix, ulong belowCas)
    {
        int place = 0;
        for (ulong slot; (slot = shard.Index.NextEntry(bucket, ref place)) != 0; place++)
        {
            Record* record = shard.Index.RecordOf(slot);
            ReadOnlySpan<byte> key = Record.Key(record);
            if (record->Cas >= belowCas || !key.StartsWith(prefix) || shard.IsGone(record))
            {
                continue;
            }

            ulong hash = _core.KeyHash.Of(key);
            ulong* found = shard.Index.Find(hash, IndexEntry.LocationOf(slot));
            if (shard.IsOpen)
            {
                shard.Delete(hash, key.ToArray(), found); // its copies, and who keeps its value, hear of it
            }
            else
            {
                shard.Drop(found);
            }
        }
    }
}
