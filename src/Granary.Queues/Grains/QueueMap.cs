using System.Collections.Concurrent;

namespace Granary.Queues.Grains;

// Each queue ranks the silos in a way of its own, else the first partitions of all queues would be on the same silo: the
// map of shards, made of the queue's partitions and of names that begin with the queue's. So the partitions of a queue are
// spread evenly, a join or leave moves few, and every silo that sees the same silos computes the same.

/// <summary>Which silo each partition belongs to, while the silos are these. Thread-safe.</summary>
/// <param name="owners">The silos that may own partitions, by name.</param>
internal sealed class QueueMap(IReadOnlyDictionary<string, SiloAddress> owners)
{
    private readonly ConcurrentDictionary<(string Queue, int Partitions), SiloAddress[]> _known = [];

    public IReadOnlyDictionary<string, SiloAddress> Owners => owners;

    /// <summary>The silo of a partition; <see langword="null"/> if there is no silo, or no such partition.</summary>
    public SiloAddress? OwnerOf(string queue, int partitions, int index) =>
        index < partitions && owners.Count > 0
            ? _known.GetOrAdd((queue, partitions), key => Assign(key.Queue, key.Partitions))[index]
            : null;

    private SiloAddress[] Assign(string queue, int partitions)
    {
        string prefix = queue + '/';
        ClusterMap map = new(partitions, owners.Keys.Select(name => prefix + name));
        return
        [
            .. Enumerable.Range(0, partitions).Select(index => owners[map.OwnerNameOf(index)![prefix.Length..]]),
        ];
    }
}
