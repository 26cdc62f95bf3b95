namespace Granary;

/// <summary>What a silo knows of its cluster: who may own something now, and whether it may answer for what it owns.</summary>
public interface IClusterMembers
{
    /// <summary>This silo.</summary>
    SiloAddress Self { get; }

    /// <summary>The active silos that do not leave, by name. Another object after each change.</summary>
    IReadOnlyDictionary<string, SiloAddress> Owners { get; }

    /// <summary>Whether this silo leaves: it owns nothing any more.</summary>
    bool IsLeaving { get; }

    /// <summary>
    /// Whether this silo may answer by what it has in memory. One that was stopped for some seconds may not, before it
    /// has heard that it is still a member: the others may have declared it dead.
    /// </summary>
    bool MayAnswer { get; }

    /// <summary>Whether this silo reaches another one, and not only through a third.</summary>
    bool Reaches(SiloAddress silo);

    /// <summary>The end point of a silo, through a third if need be. Asked for anew for each call.</summary>
    ICacheSiloService ServiceOf(SiloAddress silo);

    /// <summary>Waits until no silo that has been declared dead can still take itself for a member.</summary>
    Task WaitForTheLostAsync(CancellationToken cancellationToken);
}
