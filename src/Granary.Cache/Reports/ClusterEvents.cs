using Granary.Cache.Membership;
using Granary.Reports;

namespace Granary.Cache.Reports;

/// <summary>What this silo has seen to happen in the cluster: what explains a bend in a chart. Thread-safe.</summary>
internal sealed class ClusterEvents
{
    private const int MaxEvents = 50;

    // One flush_all reaches a silo several times, until every shard has met it.
    private static readonly TimeSpan OneFlush = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly RecentList<ClusterEvent> _events = new(MaxEvents);
    private readonly TimeProvider _time;
    private readonly string _self;
    private readonly ClusterView _view;
    private Dictionary<SiloAddress, string>? _names;
    private HashSet<SiloAddress> _draining = [];
    private long? _flushedAt;

    public ClusterEvents(ClusterView view, ILocalSiloDetails local, TimeProvider time)
    {
        _time = time;
        _self = local.Name;
        _view = view;
        view.Changed += Follow;
    }

    /// <summary>The latest first.</summary>
    public ClusterEvent[] Read() => _events.Read();

    /// <summary>All entries are dropped, now or later.</summary>
    public void Flushed()
    {
        lock (_lock)
        {
            if (_flushedAt is { } before && _time.GetElapsedTime(before) < OneFlush)
            {
                return;
            }

            _flushedAt = _time.GetTimestamp();
        }

        Add(ClusterEventKind.Flushed, _self);
    }

    // The view calls it once at a time. Those that are there when this silo comes have joined before.
    private void Follow(ViewSnapshot view)
    {
        Dictionary<SiloAddress, string> names = view.Owners.ToDictionary(static silo => silo.Value, static silo => silo.Key);
        HashSet<SiloAddress> draining = [.. _view.Draining.Where(view.IsMember)];
        foreach (SiloAddress silo in view.Members.Where(silo => !names.ContainsKey(silo)))
        {
            names[silo] = _names?.GetValueOrDefault(silo) ?? silo.ToString(); // it drained before this silo knew its name
        }

        Dictionary<SiloAddress, string> before = _names ?? new(names.Where(silo => silo.Value != _self));
        foreach ((_, string name) in names.Where(silo => !before.ContainsKey(silo.Key)))
        {
            Add(ClusterEventKind.Joined, name);
        }

        foreach (SiloAddress silo in draining.Where(silo => !_draining.Contains(silo)))
        {
            Add(ClusterEventKind.Draining, names[silo]);
        }

        foreach ((SiloAddress silo, string name) in before.Where(silo => !names.ContainsKey(silo.Key)))
        {
            Add(_draining.Contains(silo) ? ClusterEventKind.Left : ClusterEventKind.Lost, name);
        }

        (_names, _draining) = (names, draining);
    }

    private void Add(ClusterEventKind kind, string silo) => _events.Add(new ClusterEvent(_time.GetUtcNow(), kind, silo));
}
