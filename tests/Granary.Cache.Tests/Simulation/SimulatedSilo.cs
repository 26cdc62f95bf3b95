using System.Collections.Frozen;
using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Shards;
using Granary.Store;
using Granary.Store.Copies;
using Granary.Store.Entries;

namespace Granary.Cache.Tests.Simulation;

/// <summary>A silo: the real store, registry, openings and copies, driven by the simulation's clock and network.</summary>
internal sealed class SimulatedSilo : IDisposable
{
    private readonly SimulatedCluster _cluster;
    private readonly List<ShardOpening> _openings = [];
    private readonly HashSet<SimulatedSilo> _asked = [];
    private readonly HashSet<SiloAddress> _links = [];
    private readonly List<Action> _whenResumed = [];
    private readonly HashSet<SiloAddress> _draining = [];
    private int _quiet;

    public SimulatedSilo(SimulatedCluster cluster, string name, SiloAddress address)
    {
        _cluster = cluster;
        Name = name;
        Address = address;
        Store = new CacheStore(
            new StoreOptions
            {
                MemoryLimitBytes = StoreOptions.SmallestMemoryLimitBytes,
                ShardCount = cluster.ShardCount,
                HashSeed = address.Generation,
            },
            cluster.Clock.Time);
        Registry = new ShardRegistry(Store, address, cluster.Mode == ReplicaMode.Sync, cluster.Clock.Time);
        Copies = new OutgoingCopies(Registry, cluster.Mode, cluster.Clock.Time);
        View = ViewSnapshot.Empty(cluster.ShardCount);
        cluster.Clock.Every(100, Tick);
    }

    public string Name { get; }

    public SiloAddress Address { get; }

    public CacheStore Store { get; }

    public ShardRegistry Registry { get; }

    public OutgoingCopies Copies { get; }

    public ViewSnapshot View { get; private set; }

    public bool IsCrashed { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Resumed, and not sure yet whether it is still a member: it answers no client.</summary>
    public bool IsFenced { get; private set; }

    public bool IsDraining => _draining.Contains(Address);

    public bool HasLeft { get; private set; }

    public bool ServesClients => !IsCrashed && !IsPaused && !IsFenced && !HasLeft;

    /// <summary>Does something now, or when the silo goes on, or never.</summary>
    public void WhenRunning(Action action)
    {
        if (IsPaused)
        {
            _whenResumed.Add(action);
        }
        else if (!IsCrashed && !HasLeft)
        {
            action();
        }
    }

    public void Crash() => IsCrashed = true;

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        IsFenced = true;
        Action[] actions = [.. _whenResumed];
        _whenResumed.Clear();
        foreach (Action action in actions)
        {
            WhenRunning(action);
        }
    }

    public bool RefusesCallsFrom(SimulatedSilo silo) => IsFenced || _knownDead.Contains(silo.Address);

    private readonly HashSet<SiloAddress> _knownDead = [];

    /// <summary>The membership has come to this silo.</summary>
    public void SeeMembership(long version, IReadOnlyList<SimulatedSilo> active, IReadOnlyCollection<SiloAddress> dead)
    {
        if (version < View.MembershipVersion)
        {
            return;
        }

        if (dead.Contains(Address))
        {
            Crash(); // told that it is dead, it ends
            return;
        }

        IsFenced = false;
        _knownDead.UnionWith(dead);
        _active = active;
        _version = version;
        Apply();
    }

    private IReadOnlyList<SimulatedSilo> _active = [];
    private long _version;

    public void SeeDraining(SiloAddress silo)
    {
        _draining.Add(silo);
        Apply();
    }

    private void Apply()
    {
        _draining.IntersectWith(_active.Select(silo => silo.Address));
        View = new ViewSnapshot(
            _version,
            _cluster.ShardCount,
            _active.Where(silo => !_draining.Contains(silo.Address)).ToFrozenDictionary(silo => silo.Name, silo => silo.Address),
            [.. _draining]);
        _quiet = 0;
        Pump();
    }

    public void Leave() => HasLeft = true;

    /// <summary>The directory has given this silo the activation of a shard.</summary>
    public void Activate(SimulatedActivation activation, OpeningTicket? ticket)
    {
        ShardSlot slot = Registry[activation.Shard];
        activation.Incarnation = slot.BeginOpening(activation);
        _openings.Add(new ShardOpening(activation.Shard, activation.Incarnation, ticket, slot, Address));
        Pump();
    }

    public void Dispose() => Store.Dispose();

    private bool Tick()
    {
        if (IsCrashed || HasLeft)
        {
            return false;
        }

        WhenRunning(() =>
        {
            Registry.Expire(View.IsMember);
            bool mayMove = ++_quiet > 5 || IsDraining;
            Copies.Follow(View, _ => mayMove);
            foreach (SiloAddress target in Copies.Targets.Where(_links.Add).ToArray())
            {
                RunLink(target);
            }

            foreach (int shard in View.ShardsOf(Address).Where(shard => Registry[shard].State == ShardState.Closed))
            {
                _cluster.EnsureActive(shard, this);
            }
        });
        return true;
    }

    private void RunLink(SiloAddress target)
    {
        if (!View.IsMember(target))
        {
            _links.Remove(target);
        }
        else if (Copies.Next(target) is { } batch)
        {
            SimulatedSilo to = _cluster.SiloAt(target);
            _cluster.Network.Call(
                this,
                to,
                () => new CopyBatchReply(
                    [.. batch.Steps.Select(step => to.Registry[step.Shard].Receive(Address, step))],
                    (byte)FrameFormat.Newest),
                reply =>
                {
                    Copies.Answered(target, reply);
                    RunLink(target);
                },
                () => RunLink(target));
        }
        else
        {
            _cluster.Clock.After(10, () => WhenRunning(() => RunLink(target)));
        }
    }

    private void Pump()
    {
        if (!View.IsMember(Address))
        {
            return;
        }

        foreach (ShardOpening opening in _openings.ToArray())
        {
            opening.Advance(View.Members, View.MembershipVersion, now: 0, noLeaseAt: 0);
        }

        _openings.RemoveAll(opening => opening.Phase == OpeningPhase.Done);
        foreach (SimulatedSilo silo in View.Members.Where(silo => !silo.Equals(Address)).Select(_cluster.SiloAt))
        {
            ShardOpening[] open = [.. _openings.Where(opening => opening.IsOpenQuestion(silo.Address))];
            if (open.Length > 0 && _asked.Add(silo))
            {
                Ask(silo, open);
            }
        }
    }

    private void Ask(SimulatedSilo silo, ShardOpening[] openings)
    {
        (ShardOpening Opening, OpeningPhase Phase, ShardClaim Claim)[] questions =
            [.. openings.Select(opening => (opening, opening.Phase, opening.Claim))];
        _cluster.Network.Call<Action[]>(
            this,
            silo,
            () => [.. questions.Select(question => Answer(silo, question.Opening, question.Phase, question.Claim))],
            answers =>
            {
                _asked.Remove(silo);
                Array.ForEach(answers, answer => answer());
                Pump();
            },
            () =>
            {
                _asked.Remove(silo);
                Pump();
            });
    }

    private Action Answer(SimulatedSilo silo, ShardOpening opening, OpeningPhase phase, ShardClaim claim)
    {
        long version = silo.View.MembershipVersion;
        if (phase == OpeningPhase.Inquiring)
        {
            ShardAnswer answer = silo.Registry[claim.Shard].Inquire(Address, claim.Term);
            return () => opening.Inquired(silo.Address, claim, answer, version, noLeaseAt: 0);
        }

        long promised = silo.Registry[claim.Shard].Announce(Address, claim.Term);
        return () => opening.Announced(silo.Address, claim, promised, version);
    }
}
