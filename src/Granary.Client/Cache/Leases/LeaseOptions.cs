namespace Granary.Client;

/// <summary>How a lease is kept.</summary>
public sealed class LeaseOptions
{
    /// <summary>The shortest lifetime: three messages to a silo must fit into it.</summary>
    public static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(1);

    /// <summary>The longest lifetime.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    /// <summary>
    /// How long the lease outlives its holder, and how long the holder may be unable to reach the cluster. It is renewed
    /// when a third has passed. Default 30 s: more than the longest time that a silo's death takes.
    /// </summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(30);
}
