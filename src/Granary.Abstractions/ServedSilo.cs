using System.Net;

namespace Granary;

/// <summary>A silo, as clients need to know it.</summary>
[GenerateSerializer, Immutable, Alias("granary.ServedSilo")]
public sealed record ServedSilo
{
    /// <summary>The silo's name: what the <see cref="ClusterMap"/> is computed from.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The silo's own address, which other silos use.</summary>
    [Id(1)]
    public required SiloAddress Address { get; init; }

    /// <summary>Where clients connect; <see langword="null"/> if the silo has no gateway.</summary>
    [Id(2)]
    public required IPEndPoint? Gateway { get; init; }

    /// <summary>Whether the silo is about to leave and owns nothing any more.</summary>
    [Id(3)]
    public required bool Draining { get; init; }

    /// <summary>The silo's batch end point, made with its gateway: a client reaches it in one hop.</summary>
    [Id(4)]
    public required ICacheSiloService? Service { get; init; }
}
