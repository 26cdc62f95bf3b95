using System.Collections.Concurrent;
using Granary.Queues.Logs;

namespace Granary.Queues.Grains;

/// <summary>Where partitions belong, and which are here, in a cluster whose silos share a database. Thread-safe.</summary>
internal sealed class PartitionPlaces(IClusterMembers members, StoreReach reach)
{
    private readonly ConcurrentDictionary<string, QueueDefinition> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IHostedPartition, bool> _hosted = [];
    private volatile OwnerList _owners = OwnerList.Of(members.Owners, reach.Without);

    private sealed record OwnerList(
        IReadOnlyDictionary<string, SiloAddress> Members, IReadOnlySet<SiloAddress> Without, QueueMap Map)
    {
        // If none is left it is as if all were well: partitions stay where they are.
        public static OwnerList Of(IReadOnlyDictionary<string, SiloAddress> members, IReadOnlySet<SiloAddress> without)
        {
            Dictionary<string, SiloAddress> with =
                members.Where(silo => !without.Contains(silo.Value)).ToDictionary(StringComparer.Ordinal);
            return new OwnerList(members, without, new QueueMap(with.Count > 0 ? with : members));
        }
    }

    public int HostedCount => _hosted.Count;

    /// <summary>Whether another silo could take partitions.</summary>
    public bool HasOthers => members.Owners.Values.Any(silo => !silo.Equals(members.Self));

    /// <summary>
    /// Where all partitions belong: among the silos that do not leave, and reach the database. Another object after each change.
    /// </summary>
    public QueueMap Map
    {
        get
        {
            OwnerList owners = _owners;
            if (!ReferenceEquals(owners.Members, members.Owners) || !ReferenceEquals(owners.Without, reach.Without))
            {
                _owners = owners = OwnerList.Of(members.Owners, reach.Without);
            }

            return owners.Map;
        }
    }

    /// <summary>Notes how many partitions a queue has, which never changes while it is there.</summary>
    public void Note(QueueDefinition definition) => _known[definition.Name] = definition;

    /// <summary>A queue is not there any more.</summary>
    public void Forget(string queue) => _known.TryRemove(queue, out _);

    public bool Knows(string queue) => _known.ContainsKey(queue);

    public void Add(IHostedPartition partition) => _hosted[partition] = true;

    public void Remove(IHostedPartition partition) => _hosted.TryRemove(partition, out _);

    /// <summary>Where a partition belongs, a subscription's where its topic's does; null: its queue is not known, or no silo is there.</summary>
    public SiloAddress? OwnerOf(PartitionId partition) =>
        _known.TryGetValue(SubscriptionName.Read(partition.Queue).Queue, out QueueDefinition? queue)
            ? Map.OwnerOf(queue.Name, queue.Partitions, partition.Index)
            : null;

    /// <summary>Whether a partition belongs here.</summary>
    public bool Wants(PartitionId partition) => members.Self.Equals(OwnerOf(partition));

    /// <summary>
    /// Lets those go that belong elsewhere; until this silo leaves not those that are in its memory only, and none to a
    /// silo that it does not reach: they would not arrive.
    /// </summary>
    public void MoveMisplaced()
    {
        foreach (IHostedPartition partition in _hosted.Keys)
        {
            if (OwnerOf(partition.Id) is { } owner
                && !owner.Equals(members.Self)
                && (members.IsLeaving || (members.Reaches(owner) && IsOnDisk(partition.Id.Queue))))
            {
                partition.MoveTo(owner);
            }
        }
    }

    private bool IsOnDisk(string queue) => _known.GetValueOrDefault(SubscriptionName.Read(queue).Queue)?.Options.Durability != Durability.Memory;
}
