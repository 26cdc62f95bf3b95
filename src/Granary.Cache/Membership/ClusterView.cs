using System.Collections.Frozen;
using Granary.Cache.Services;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Membership;

/// <summary>
/// What this silo knows of the cluster: the map over the active silos, and how to reach each of them. Follows Orleans'
/// membership, and what silos say of their leaving: that one drains its membership row tells only at the very end. Reads
/// are lock-free: they see one snapshot after the other.
/// </summary>
internal sealed class ClusterView
{
    private const long Never = long.MinValue;
    private static readonly TimeSpan FollowPeriod = TimeSpan.FromMilliseconds(10);

    private readonly IClusterMembershipService _membership;
    private readonly ILocalSiloDetails _local;
    private readonly ISiloServices _services;
    private readonly PeerReach _reach;
    private readonly ILogger<ClusterView> _logger;
    private readonly TimeProvider _time;
    private readonly int _shardCount;
    private readonly Lock _lock = new();
    private readonly HashSet<SiloAddress> _draining = [];
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterMembershipSnapshot? _members;
    private ViewSnapshot _current;
    private long _lostAt = Never;

    public ClusterView(
        IClusterMembershipService membership,
        ILocalSiloDetails local,
        ISiloServices services,
        PeerReach reach,
        IOptions<CacheOptions> options,
        TimeProvider time,
        ILogger<ClusterView> logger)
    {
        _membership = membership;
        _local = local;
        _services = services;
        _reach = reach;
        _logger = logger;
        _time = time;
        _shardCount = options.Value.ShardCount;
        _current = ViewSnapshot.Empty(_shardCount);
    }

    /// <summary>Raised after each change, one at a time, with the view locked: handlers are quick.</summary>
    public event Action<ViewSnapshot>? Changed;

    public SiloAddress Self => _local.SiloAddress;

    public ViewSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Whether this silo is about to leave.</summary>
    public bool IsDraining => IsInDraining(Self);

    /// <summary>The silos that are about to leave.</summary>
    public SiloAddress[] Draining
    {
        get
        {
            lock (_lock)
            {
                return [.. _draining];
            }
        }
    }

    /// <summary>
    /// How long a silo that is out of this view may still serve its shards, because it does not know it yet. One that has
    /// said that it leaves does not count: it has stopped serving.
    /// </summary>
    public TimeSpan LeaseOfTheLost
    {
        get
        {
            long lostAt = Volatile.Read(ref _lostAt);
            TimeSpan left = lostAt == Never ? TimeSpan.Zero : ServingLease.Duration - _time.GetElapsedTime(lostAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The batch end point of another silo, through a third if need be. Asked for anew for each call.</summary>
    public ICacheSiloService ServiceOf(SiloAddress silo) => _reach.RelayTo(silo) is { } relay
        ? new RelayedService(DirectServiceOf(relay), silo)
        : DirectServiceOf(silo);

    /// <summary>The batch end point of another silo, whether it is reached or not.</summary>
    public ICacheSiloService DirectServiceOf(SiloAddress silo) => _services.At(silo);

    /// <summary>
    /// Whether a silo may take part: one that the membership has declared dead may not, whatever it believes. By what
    /// Orleans knows now: <see cref="Current"/> follows a moment later.
    /// </summary>
    public bool IsDead(SiloAddress silo) =>
        _membership.CurrentSnapshot.GetSiloStatus(silo) is SiloStatus.Dead;

    /// <summary>Returns when the view is not older than what Orleans knows now.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) =>
        CatchUpAsync(_membership.CurrentSnapshot.Version.Value, cancellationToken);

    /// <summary>Returns when the view is not older than a version.</summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task CatchUpAsync(long membershipVersion, CancellationToken cancellationToken)
    {
        if (Current.MembershipVersion < membershipVersion)
        {
            await _membership.Refresh(new MembershipVersion(membershipVersion), cancellationToken);
        }

        while (Current.MembershipVersion < membershipVersion)
        {
            await Task.Delay(FollowPeriod, _time, cancellationToken);
        }
    }

    /// <summary>Reads the membership table, and whether this silo is active in it.</summary>
    /// <returns>What was true at some time after the call.</returns>
    public async Task<bool> IsActiveInTableAsync(CancellationToken cancellationToken)
    {
        // Orleans lets who asks while it reads have the result of that reading, which may have begun before the call.
        await _membership.Refresh(cancellationToken: cancellationToken);
        await _membership.Refresh(cancellationToken: cancellationToken);
        return _membership.CurrentSnapshot.GetSiloStatus(Self) == SiloStatus.Active;
    }

    /// <summary>This silo, as clients need to know it.</summary>
    public ServedSilo DescribeSelf() => new()
    {
        Name = _local.Name,
        Address = _local.SiloAddress,
        Gateway = _local.GatewayAddress?.Endpoint,
        Draining = IsDraining,
        Service = _local.GatewayAddress is { } gateway ? _services.AtGateway(gateway.Endpoint) : null,
    };

    /// <summary>Silos are about to leave: they own nothing from now on, and are nobody's heir.</summary>
    public void SetDraining(params IEnumerable<SiloAddress> silos)
    {
        lock (_lock)
        {
            int before = _draining.Count;
            _draining.UnionWith(silos);
            if (_draining.Count > before)
            {
                Apply_NeedsLock();
            }
        }
    }

    /// <summary>Returns when this silo is a member for the first time.</summary>
    public Task WaitForJoinAsync(CancellationToken cancellationToken) => _joined.Task.WaitAsync(cancellationToken);

    /// <summary>Follows Orleans' membership until cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (ClusterMembershipSnapshot snapshot in _membership.MembershipUpdates
            .WithCancellation(cancellationToken))
        {
            lock (_lock)
            {
                // One that leaves is seen to be shutting down first.
                if (Current.Members.Any(silo => snapshot.GetSiloStatus(silo) is SiloStatus.Dead or SiloStatus.None))
                {
                    Volatile.Write(ref _lostAt, _time.GetTimestamp()); // before the view that shows it
                }

                _members = snapshot;
                Apply_NeedsLock();
            }
        }
    }

    private bool IsInDraining(SiloAddress silo)
    {
        lock (_lock)
        {
            return _draining.Contains(silo);
        }
    }

    private void Apply_NeedsLock()
    {
        if (_members is null)
        {
            return;
        }

        ClusterMember[] active = [.. _members.Members.Values.Where(member => member.Status == SiloStatus.Active)];
        _draining.IntersectWith(active.Select(member => member.SiloAddress).Append(Self));

        // Two members of one name: the younger one, because Orleans declares the elder of a restart dead in a moment.
        FrozenDictionary<string, SiloAddress> silos = active
            .Where(member => !_draining.Contains(member.SiloAddress))
            .GroupBy(member => member.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(
                group => group.Key,
                group => group.MaxBy(member => member.SiloAddress.Generation)!.SiloAddress,
                StringComparer.Ordinal);
        ViewSnapshot before = Current;
        var view = new ViewSnapshot(
            _members.Version.Value,
            _shardCount,
            silos,
            [.. active.Select(member => member.SiloAddress).Where(silo => !silos.Values.Contains(silo))]);
        Volatile.Write(ref _current, view);
        if (!before.Silos.SequenceEqual(view.Silos))
        {
            _logger.ViewChanged(view.MembershipVersion, view.Silos.Length, view.ShardsOf(Self).Count);
        }

        Changed?.Invoke(view);
        if (view.IsMember(Self))
        {
            _joined.TrySetResult();
        }
    }
}
