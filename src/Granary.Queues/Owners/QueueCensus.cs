using Granary.Queues.Logs;
using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

// What a queue has counted is a sum over owners that come and go. A sum that became less when one goes would be taken for
// a restart of the silo, so what an owner has counted stays with its queue when it ends.
//
// A name costs a time series for each thing that is told of it. So a bounded number of queues is told apart; a queue that
// comes when all places are taken gets that of one which has no partition here any more, or is counted with the others.

/// <summary>What the queues of a silo hold and have done, over the partitions that are open there. Thread-safe.</summary>
/// <remarks>Lock order: this one's, then an owner's.</remarks>
internal sealed class QueueCensus(TimeProvider time)
{
    /// <summary>Queues that are told apart.</summary>
    public const int MaxQueues = 100;

    /// <summary>The name of all others together; no queue can have it.</summary>
    public const string OtherQueues = "(other)";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<PartitionOwner, (PartitionId Partition, Place Place)> _owners = [];
    private readonly Dictionary<PartitionId, PartitionOwner> _partitions = []; // the last owner of each
    private readonly Place _others = new(OtherQueues);

    private sealed class Place(string queue)
    {
        public string Queue { get; } = queue;

        public HashSet<PartitionOwner> Owners { get; } = [];

        public QueueCounters Past { get; set; }
    }

    /// <summary>An owner begins.</summary>
    public void Add(PartitionId partition, PartitionOwner owner)
    {
        lock (_lock)
        {
            Place place = PlaceOf_NeedsLock(partition.Queue);
            place.Owners.Add(owner);
            _owners[owner] = (partition, place);
            _partitions[partition] = owner;
        }
    }

    /// <summary>An owner has ended.</summary>
    public void Remove(PartitionOwner owner)
    {
        lock (_lock)
        {
            if (_owners.Remove(owner, out (PartitionId Partition, Place Place) entry))
            {
                if (_partitions.GetValueOrDefault(entry.Partition) == owner)
                {
                    _partitions.Remove(entry.Partition);
                }

                entry.Place.Owners.Remove(owner);
                entry.Place.Past += owner.Look(static partition => partition.Counters.Read());
            }
        }
    }

    /// <summary>Whether a partition has an owner here that works.</summary>
    public bool Has(PartitionId partition)
    {
        lock (_lock)
        {
            return _partitions.TryGetValue(partition, out PartitionOwner? owner) && !owner.HasFailed;
        }
    }

    /// <summary>What there is now, and what was counted since the silo started.</summary>
    public IReadOnlyList<QueueRow> Read()
    {
        PartitionTime now = PartitionTime.Of(time);
        lock (_lock)
        {
            return [.. _places.Values.Append(_others).Where(IsTold).Select(place => Read(place, now))];
        }
    }

    /// <summary>What there is now of each queue, however many there are, and what happened of late.</summary>
    public IReadOnlyList<QueueRow> ReadEach()
    {
        PartitionTime now = PartitionTime.Of(time);
        lock (_lock)
        {
            return
            [
                .. _owners
                    .Where(static owner => !owner.Key.HasFailed)
                    .GroupBy(static owner => owner.Value.Partition.Queue, static owner => owner.Key, StringComparer.Ordinal)
                    .Select(queue => new QueueRow(
                        queue.Key,
                        queue.Count(),
                        queue.Count(static owner => owner.Look(static partition => partition.Options.IsPaused)),
                        QueueStatistics.Sum(queue.Select(owner => WithRecent(owner, now))))),
            ];
        }
    }

    private static QueueStatistics WithRecent(PartitionOwner owner, PartitionTime now) => owner.Look(partition =>
    {
        owner.Recent.Read(now, partition.Counters);
        return owner.Recent.AddTo(partition.Statistics(now), now);
    });

    // The others only where there are any.
    private bool IsTold(Place place) => place != _others || place.Owners.Count > 0 || place.Past != default;

    // What an owner that has failed holds is another's by now, perhaps another silo's; what it has counted it has counted.
    private static QueueRow Read(Place place, PartitionTime now)
    {
        ILookup<bool, PartitionOwner> owners = place.Owners.ToLookup(static owner => owner.HasFailed);
        QueueStatistics sum = QueueStatistics.Sum(
            owners[false].Select(owner => owner.Look(partition => partition.Statistics(now))));
        QueueCounters past = owners[true].Aggregate(
            place.Past, static (counted, owner) => counted + owner.Look(static partition => partition.Counters.Read()));
        int paused = owners[false].Count(static owner => owner.Look(static partition => partition.Options.IsPaused));
        return new QueueRow(place.Queue, owners[false].Count(), paused, sum with { Total = sum.Total + past });
    }

    private Place PlaceOf_NeedsLock(string queue)
    {
        if (_places.TryGetValue(queue, out Place? place))
        {
            return place;
        }

        if (_places.Count == MaxQueues)
        {
            if (_places.Values.FirstOrDefault(static one => one.Owners.Count == 0) is not { } free)
            {
                return _others;
            }

            _places.Remove(free.Queue);
        }

        return _places[queue] = new Place(queue);
    }
}
