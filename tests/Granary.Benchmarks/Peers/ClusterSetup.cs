namespace Granary.Benchmarks.Peers;

/// <summary>What makes a cluster of Granary's silos.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="SiloCount">At the start.</param>
/// <param name="Replication">Of every shard.</param>
/// <param name="Store">
/// Connection string of the PostgreSQL that holds the membership; <see langword="null"/> if the first silo does.
/// </param>
/// <param name="HasHotCopies">Whether silos keep copies of what is read much elsewhere.</param>
internal sealed record ClusterSetup(
    string Name, int SiloCount, Replication Replication = Replication.None, string? Store = null, bool HasHotCopies = false)
{
    /// <summary>A cluster that differs from others by its size only.</summary>
    public static ClusterSetup OfSize(int siloCount) =>
        new(siloCount == 1 ? "1 silo" : $"{siloCount} silos", siloCount);

    /// <summary>What a silo is told.</summary>
    /// <param name="first">The first silo; <see langword="null"/> for itself.</param>
    public string[] ArgumentsFor(RunningPeer? first) => [.. Membership(first), .. Replicas(), .. HasHotCopies ? ["--hot-copies", "true"] : Array.Empty<string>()];

    private string[] Membership(RunningPeer? first)
    {
        if (Store is not null)
        {
            return ["--cluster-store", Store];
        }

        return first is null ? [] : ["--primary", first.Silo!.ToString()];
    }

    private string[] Replicas() => Replication switch
    {
        Replication.Async => ["--replicas", "1", "--replica-mode", "async"],
        Replication.Sync => ["--replicas", "1", "--replica-mode", "sync"],
        _ => [],
    };
}
