namespace Granary.Cache.Saving;

/// <summary>
/// Which silos a cluster has had when its last one saved: if there was one since, what was saved is not what was served
/// last. Tells it only where the membership outlives the silos; elsewhere each cluster begins with nobody.
/// </summary>
internal static class SaveOrigin
{
    private const char Separator = '\n';

    /// <summary>Every silo that may have served, this one included.</summary>
    public static string Of(ClusterMembershipSnapshot members) => string.Join(
        Separator, members.Members.Values.Where(MayHaveServed).Select(static member => member.SiloAddress.ToParsableString()));

    /// <summary>Whether a silo may have served that was not there then.</summary>
    public static bool HasOthersSince(string origin, ClusterMembershipSnapshot members, SiloAddress self)
    {
        string[] known = origin.Split(Separator);
        return members.Members.Values.Any(member => MayHaveServed(member)
            && !member.SiloAddress.Equals(self)
            && !known.Contains(member.SiloAddress.ToParsableString(), StringComparer.Ordinal));
    }

    // One that is still joining has not, yet: when all silos of a cluster start together they are no obstacle.
    private static bool MayHaveServed(ClusterMember member) =>
        member.Status is not (SiloStatus.None or SiloStatus.Created or SiloStatus.Joining);
}
