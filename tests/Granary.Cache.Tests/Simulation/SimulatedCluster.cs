using System.Net;
using Granary.Cache.Copies;
using Granary.Cache.Shards;

namespace Granary.Cache.Tests.Simulation;

/// <summary>Silos, the membership and the grain directory, with everything that can go wrong between them.</summary>
internal sealed class SimulatedCluster : IDisposable
{
    private const int MaxHistory = 200;

    private readonly List<SimulatedSilo> _silos = [];
    private readonly List<SimulatedSilo> _active = [];
    private readonly HashSet<SiloAddress> _dead = [];
    private readonly SimulatedActivation?[] _directory;
    private readonly Queue<string> _history = new();
    private long _version;

    public SimulatedCluster(int seed, int shardCount, ReplicaMode mode)
    {
        Clock = new SimulatedClock(seed);
        Network = new SimulatedNetwork(Clock);
        ShardCount = shardCount;
        Mode = mode;
        _directory = new SimulatedActivation?[shardCount];
    }

    public SimulatedClock Clock { get; }

    public SimulatedNetwork Network { get; }

    public int ShardCount { get; }

    public ReplicaMode Mode { get; }

    /// <summary>One migration in so many ends somewhere else, without its ticket; 0 for none.</summary>
    public int LostMigrationOneIn { get; set; }

    public IReadOnlyList<SimulatedSilo> Active => _active;

    /// <summary>What has happened of late, for who looks for the cause of a failure.</summary>
    public string History => string.Join('\n', _history);

    public void Note(string what)
    {
        _history.Enqueue($"{Clock.Now,7} {what}");
        if (_history.Count > MaxHistory)
        {
            _history.Dequeue();
        }
    }

    /// <summary>Raised before a silo's memory is gone.</summary>
    public event Action<SimulatedSilo>? Losing;

    public IEnumerable<SimulatedSilo> Running => _silos.Where(silo => silo.ServesClients);

    public SimulatedSilo SiloAt(SiloAddress address) => _silos.Find(silo => silo.Address.Equals(address))!;

    public SimulatedSilo Join(string name)
    {
        var silo = new SimulatedSilo(
            this, name, SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1000 + _silos.Count), _silos.Count + 1));
        Note($"{name} joins");
        _silos.Add(silo);
        _active.Add(silo);
        foreach (SimulatedSilo other in _active.Where(other => other.IsDraining))
        {
            silo.SeeDraining(other.Address); // it asks before it becomes active
        }

        Publish();
        return silo;
    }

    public void Crash(SimulatedSilo silo)
    {
        Note($"{silo.Name} crashes");
        Losing?.Invoke(silo);
        silo.Crash();
        Clock.After(Clock.Random.Next(1000, 4000), () => Evict(silo));
    }

    /// <summary>Stops a silo for some time; for long, and the others declare it dead.</summary>
    public void Pause(SimulatedSilo silo, int milliseconds)
    {
        Note($"{silo.Name} stops for {milliseconds} ms");
        silo.Pause();
        int detection = Clock.Random.Next(2000, 4000);
        if (milliseconds > detection)
        {
            Clock.After(detection, () =>
            {
                Losing?.Invoke(silo);
                Evict(silo);
            });
        }

        Clock.After(milliseconds, () =>
        {
            Note($"{silo.Name} goes on");
            silo.Resume();
            Tell(silo); // it asks for the membership before it answers anybody
        });
    }

    /// <summary>A silo leaves as one does that is told to stop.</summary>
    public void Drain(SimulatedSilo silo)
    {
        Note($"{silo.Name} drains");
        var told = new HashSet<SimulatedSilo> { silo };
        Clock.Every(100, () =>
        {
            if (silo.IsCrashed || silo.HasLeft)
            {
                return false;
            }

            silo.WhenRunning(() => TellDraining(silo, told));
            bool isDone = silo.IsDraining && silo.Registry.HeldCount == 0;
            if (isDone)
            {
                Note($"{silo.Name} leaves");
                silo.Leave();
                Evict(silo);
            }

            return !isDone;
        });
    }

    /// <summary>The directory loses an activation, which does not know it.</summary>
    public void ForgetSomething()
    {
        int shard = Clock.Random.Next(ShardCount);
        Note($"shard {shard} is forgotten by the directory");
        _directory[shard] = null;
    }

    public void EnsureActive(int shard, SimulatedSilo caller) => Clock.After(Clock.Random.Next(1, 10), () =>
    {
        if (_directory[shard] is null
            && caller.View.OwnerOf(shard) is { } owner
            && SiloAt(owner) is { IsCrashed: false, IsPaused: false, HasLeft: false } silo)
        {
            Register(shard, silo, ticket: null);
        }
    });

    public void Forget(SimulatedActivation activation)
    {
        if (_directory[activation.Shard] == activation)
        {
            _directory[activation.Shard] = null;
        }
    }

    public void Move(SimulatedActivation activation, SiloAddress target, OpeningTicket ticket)
    {
        if (_directory[activation.Shard] != activation)
        {
            return;
        }

        Note($"shard {activation.Shard} goes from {activation.Silo.Name} to {SiloAt(target).Name}, {ticket}");
        _directory[activation.Shard] = null;
        if (!Clock.OneIn(LostMigrationOneIn)
            && SiloAt(target) is { IsCrashed: false, IsPaused: false, HasLeft: false } silo
            && !_dead.Contains(target))
        {
            Register(activation.Shard, silo, ticket);
        }
    }

    public void Dispose()
    {
        foreach (SimulatedSilo silo in _silos)
        {
            silo.Dispose();
        }
    }

    private void Register(int shard, SimulatedSilo silo, OpeningTicket? ticket)
    {
        var activation = new SimulatedActivation(this, silo, shard);
        _directory[shard] = activation;
        Note($"shard {shard} is registered at {silo.Name}, {ticket}");
        Clock.After(Clock.Random.Next(1, 10), () => silo.WhenRunning(() => silo.Activate(activation, ticket)));
    }

    private void TellDraining(SimulatedSilo silo, HashSet<SimulatedSilo> told)
    {
        SimulatedSilo[] untold = [.. silo.View.Members.Select(SiloAt).Where(other => !told.Contains(other))];
        foreach (SimulatedSilo other in untold)
        {
            Network.Call(
                silo,
                other,
                () =>
                {
                    other.SeeDraining(silo.Address);
                    return true;
                },
                _ => told.Add(other),
                static () => { });
        }

        if (untold.Length == 0 && !silo.IsDraining)
        {
            silo.SeeDraining(silo.Address);
        }
    }

    private void Evict(SimulatedSilo silo)
    {
        if (_active.Remove(silo))
        {
            Note($"{silo.Name} is out");
            _dead.Add(silo.Address);
            for (int shard = 0; shard < ShardCount; shard++)
            {
                if (_directory[shard]?.Silo == silo)
                {
                    _directory[shard] = null;
                }
            }

            Publish();
        }
    }

    private void Publish()
    {
        _version++;
        foreach (SimulatedSilo silo in _silos)
        {
            Clock.After(Clock.Random.Next(1, 300), () => Tell(silo));
        }
    }

    private void Tell(SimulatedSilo silo)
    {
        long version = _version;
        SimulatedSilo[] active = [.. _active];
        SiloAddress[] dead = [.. _dead];
        silo.WhenRunning(() => silo.SeeMembership(version, active, dead));
    }
}
