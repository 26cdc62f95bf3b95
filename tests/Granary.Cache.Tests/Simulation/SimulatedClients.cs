using System.Globalization;
using System.Text;
using Granary.Store.Entries;

namespace Granary.Cache.Tests.Simulation;

/// <summary>
/// Writes growing versions to some keys and reads them, through whichever silo serves their shards, and complains when a
/// read is older than what was acknowledged, or misses what no accepted failure has taken.
/// </summary>
internal sealed class SimulatedClients
{
    private const int AnswerTimeout = 4000;

    private readonly SimulatedCluster _cluster;
    private readonly SimulatedKey[] _keys;

    public SimulatedClients(SimulatedCluster cluster, int keyCount)
    {
        _cluster = cluster;
        _keys = [.. Enumerable.Range(0, keyCount).Select(number => new SimulatedKey($"key-{number}", cluster.ShardCount))];
        cluster.Losing += NoteLoss;
    }

    public bool IsActive { get; set; } = true;

    public int Acknowledged { get; private set; }

    public int Unknown { get; private set; }

    public int Reads { get; private set; }

    public void Start() => _cluster.Clock.Every(3, () =>
    {
        SimulatedKey key = _keys[_cluster.Clock.Random.Next(_keys.Length)];
        if (IsActive && _cluster.Clock.Random.Next(2) == 0)
        {
            Write(key);
        }
        else
        {
            Read(key);
        }

        return true;
    });

    /// <summary>At the end each key is served, and has what was acknowledged last.</summary>
    public void ReadAll()
    {
        foreach (SimulatedKey key in _keys)
        {
            Assert.True(Read(key), $"Shard {key.Shard} is served by nobody at the end.");
        }
    }

    private SimulatedSilo? ServerOf(int shard)
    {
        SimulatedSilo[] serving = [.. _cluster.Running.Where(silo => silo.Store.IsOpen(shard))];
        return serving.Length == 0 ? null : serving[_cluster.Clock.Random.Next(serving.Length)];
    }

    private void Write(SimulatedKey key)
    {
        if (key.IsWriting || ServerOf(key.Shard) is not { } silo)
        {
            return;
        }

        long version = key.Issued + 1;
        bool deletes = _cluster.Clock.OneIn(10);
        StoreResult result = deletes
            ? silo.Store.Delete(key.Shard, key.Bytes)
            : silo.Store.Put(
                key.Shard,
                PutMode.Set,
                key.Bytes,
                Encoding.ASCII.GetBytes(version.ToString(CultureInfo.InvariantCulture)),
                0,
                Expiration.Never,
                0,
                out _);
        if (result != StoreResult.Success)
        {
            return;
        }

        key.Issue(version, deletes);
        if (silo.Registry[key.Shard].Gate is not { HasToWait: true } gate)
        {
            Answer(key, version, isSafe: true);
            return;
        }

        long deadline = _cluster.Clock.Time.GetTimestamp() + (3 * _cluster.Clock.Time.TimestampFrequency);
        gate.Wait(silo.Store.ChangesOf(key.Shard), deadline, isSafe => Answer(key, version, isSafe));
        _cluster.Clock.After(AnswerTimeout, () => Answer(key, version, isSafe: false));
    }

    private void Answer(SimulatedKey key, long version, bool isSafe)
    {
        if (!key.IsWriting || key.Issued != version)
        {
            return;
        }

        key.IsWriting = false;
        if (isSafe)
        {
            Acknowledged++;
            key.Acknowledge(version);
        }
        else
        {
            Unknown++;
        }
    }

    private bool Read(SimulatedKey key)
    {
        if (ServerOf(key.Shard) is not { } silo)
        {
            return false;
        }

        var sink = default(VersionSink);
        StoreResult result = silo.Store.Get(key.Shard, key.Bytes, ref sink);
        Reads++;
        if (result == StoreResult.Success)
        {
            Assert.True(
                sink.Version >= key.Acknowledged && sink.Version <= key.Issued,
                $"{_cluster.Clock.Now} ms: {key.Name} has version {sink.Version} at {silo.Name}, term "
                + $"{silo.Registry[key.Shard].ServedTerm}; acknowledged {key.Acknowledged}, issued {key.Issued}.\n"
                + _cluster.History);
        }
        else
        {
            Assert.True(
                key.MayMiss,
                $"{_cluster.Clock.Now} ms: {key.Name} misses at {silo.Name}, term {silo.Registry[key.Shard].ServedTerm}; "
                + $"shard {key.Shard}, acknowledged {key.Acknowledged}.\n{_cluster.History}");
        }

        return true;
    }

    // A silo's memory goes: what may be lost with it are shards that it serves or is about to, unless a complete replica is
    // at another running silo.
    private void NoteLoss(SimulatedSilo lost)
    {
        for (int shard = 0; shard < _cluster.ShardCount; shard++)
        {
            bool isServedElsewhere = _cluster.Running.Any(silo => silo != lost && silo.Store.IsOpen(shard));
            SiloAddress? replica = lost.Store.IsOpen(shard) ? lost.Copies.ReplicaOf(shard) : null;
            bool isProtected = replica is not null && _cluster.SiloAt(replica).ServesClients;
            _cluster.Note($"shard {shard}: served elsewhere {isServedElsewhere}, protected {isProtected}");
            foreach (SimulatedKey key in _keys.Where(key => key.Shard == shard && !isServedElsewhere && !isProtected))
            {
                key.Lose();
            }
        }
    }

    private struct VersionSink : IEntrySink
    {
        public long Version { get; private set; }

        public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value) =>
            Version = long.Parse(value, CultureInfo.InvariantCulture);

        public void Accept(in EntryInfo entry, PinnedValue value) => value.Dispose();
    }
}
