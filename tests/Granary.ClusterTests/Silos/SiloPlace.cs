using System.Net;

namespace Granary.ClusterTests.Silos;

/// <summary>Where and how a silo's process runs.</summary>
internal sealed record SiloPlace
{
    /// <summary>On this machine as it is, from the build beside the tests.</summary>
    public static SiloPlace Here { get; } = new();

    /// <summary>Of all its ports.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>A program and its arguments that runs the silo's: <c>ip netns exec NAME</c>. None by default.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];

    /// <summary>Variables added to the test's own.</summary>
    public (string Name, string Value)[] Environment { get; init; } = [];

    /// <summary>The build's folder.</summary>
    public string Folder { get; init; } = AppContext.BaseDirectory;

    /// <summary>The silo's file in it.</summary>
    public string Program { get; init; } = "Silo.dll";
}
