using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Namespaces;

// The log has the entries of all namespaces in the order of their use, and no order of one. So some entries of the
// namespace are looked at, in two shards or more, and the one that was used longest ago leaves; Redis finds its victims in
// the same way. They are found in the index alone, whose entries have the number of the namespace: a cache line is seven of
// them, and no record is read but for those of the namespace. Each look goes on where the last one ended, so that every
// entry is looked at once a round.
//
// Rejected: a list of each namespace's entries in the order of use, which takes 16 bytes a record and a write per hit; and
// segments for each namespace, which make the smallest quota some segments of 1 MiB on each silo.

/// <summary>Evicts entries of namespaces that are over their quota. One thread at a time; takes shards' locks one by one.</summary>
internal sealed unsafe class QuotaEvictor(StoreCore core, Shard[] shards, NamespaceQuotas quotas)
{
    private const int Samples = 8;
    private const int SamplesOfAShard = 4;

    // What is looked at in one hold of a shard's lock: nobody who uses the shard waits for more.
    private const int BucketsPerHold = 4096;

    // Of one call for one namespace: bounds the work of one caller.
    private const int MaxEvictions = 1024;

    private readonly Lock _lock = new();
    private readonly int[] _nextShard = new int[quotas.Table.Count + 1];

    /// <summary>Makes room in the namespaces in which a writer has found none.</summary>
    public void MakeRoom()
    {
        if (!quotas.IsRoomWanted)
        {
            return;
        }

        lock (_lock)
        {
            quotas.BeginRoom();
            for (int number = 1; number <= quotas.Table.Count; number++)
            {
                if (quotas.TakeWanted(number) is > 0 and long bytes)
                {
                    Evict_NeedsLock(number, bytes);
                }
            }
        }
    }

    /// <summary>Evicts what is too much without any write: shards may have moved, or the quota was a higher one.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            for (int number = 1; number <= quotas.Table.Count; number++)
            {
                Evict_NeedsLock(number, bytes: 0);
            }
        }
    }

    private void Evict_NeedsLock(int number, long bytes)
    {
        for (int count = 0; count < MaxEvictions && quotas.IsOver(number, bytes) && TryEvictOne(number);)
        {
            count++;
        }
    }

    // Whether there is one.
    private bool TryEvictOne(int number)
    {
        QuotaVictim victim = default;
        int samples = 0;
        for (int looked = 0; looked < shards.Length && samples < Samples; looked++)
        {
            Shard shard = shards[_nextShard[number]];
            _nextShard[number] = (_nextShard[number] + 1) % shards.Length;
            if (shard.Namespaces!.EntriesOf(number) > 0)
            {
                samples += Sample(shard, number, ref victim);
            }
        }

        if (victim.Shard is not null)
        {
            Evict(victim);
        }

        return samples > 0;
    }

    private int Sample(Shard shard, int number, ref QuotaVictim victim)
    {
        lock (shard.Gate)
        {
            if (!shard.IsOpen)
            {
                return 0;
            }

            int samples = 0;
            int buckets = shard.Index.Shape.BucketCount;
            ref int bucket = ref shard.Namespaces!.SampledOf(number);
            shard.Index.Scans++; // a shrinking index would move entries to where this has been
            for (int left = Math.Min(buckets, BucketsPerHold); left > 0 && samples < SamplesOfAShard; left--)
            {
                bucket = bucket + 1 < buckets ? bucket + 1 : 0;
                samples += SampleBucket(shard, number, bucket, ref victim);
            }

            shard.Index.Scans--;
            return samples;
        }
    }

    private int SampleBucket(Shard shard, int number, int bucket, ref QuotaVictim victim)
    {
        int samples = 0;
        int place = 0;
        for (ulong slot; (slot = shard.Index.NextEntry(bucket, ref place)) != 0; place++)
        {
            if (KeyHash.NamespaceOf(slot) == number)
            {
                samples++;
                Look(shard, slot, ref victim);
            }
        }

        return samples;
    }

    private void Look(Shard shard, ulong slot, ref QuotaVictim victim)
    {
        Record* record = shard.Index.RecordOf(slot);
        Location location = IndexEntry.LocationOf(slot);
        if (shard.IsGone(record))
        {
            shard.RemoveGone(shard.Index.Find(core.KeyHash.Of(Record.Key(record)), location));
            return;
        }

        // Positions are of segments, which may have taken hours to fill: within one the seconds decide.
        ulong idle = ((ulong)(core.Pool.Position - record->LastUse) << 16)
            | unchecked((ushort)(core.Pool.UseStamp - record->UseStamp));
        if (victim.IsNewerThan(idle, record->Cas))
        {
            victim = new QuotaVictim(shard, core.KeyHash.Of(Record.Key(record)), location, idle, record->Cas);
        }
    }

    // Another thread may have changed it meanwhile: then it stays.
    private void Evict(in QuotaVictim victim)
    {
        Shard shard = victim.Shard!;
        lock (shard.Gate)
        {
            ulong* slot = shard.Index.Find(victim.Hash, victim.Location);
            if (slot != null && shard.IsOpen && shard.Index.RecordOf(*slot)->Cas == victim.Cas)
            {
                core.TellEviction(shard.Index.RecordOf(*slot));
                shard.EvictEverywhere(victim.Hash, slot);
            }
        }
    }
}
