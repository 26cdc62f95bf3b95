using System.Collections.Immutable;

namespace Granary.Cache.Tests.Doubles;

/// <summary>Orleans' membership, as a test says it is.</summary>
internal sealed class FakeMembership : IClusterMembershipService
{
    private readonly List<ClusterMembershipSnapshot> _updates = [];
    private long _version;

    public ClusterMembershipSnapshot CurrentSnapshot { get; private set; } =
        new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty, new MembershipVersion(0));

    /// <summary>Called when the table is read.</summary>
    public Action? Reading { get; set; }

    /// <summary>What was set since somebody asked last; then it ends, so that who follows it returns.</summary>
    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates
    {
        get
        {
            ClusterMembershipSnapshot[] updates = [.. _updates];
            _updates.Clear();
            return updates.ToAsyncEnumerable();
        }
    }

    /// <summary>The members from now on; each is called by its port.</summary>
    public void Set(params (SiloAddress Silo, SiloStatus Status)[] members)
    {
        CurrentSnapshot = new ClusterMembershipSnapshot(
            members.ToImmutableDictionary(
                member => member.Silo, member => new ClusterMember(member.Silo, member.Status, NameOf(member.Silo))),
            new MembershipVersion(++_version));
        _updates.Add(CurrentSnapshot);
    }

    public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        Reading?.Invoke();
        return default;
    }

    public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();

    public static string NameOf(SiloAddress silo) => $"silo-{silo.Endpoint.Port}";
}
