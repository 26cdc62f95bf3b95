using System.Net;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>Where and how a silo's process runs.</summary>
internal sealed record SiloPlace
{
    /// <summary>On this machine as it is.</summary>
    public static SiloPlace Here { get; } = new();

    /// <summary>Of all its ports.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>A program and its arguments that runs the silo's: <c>ip netns exec NAME</c>. None by default.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];

    /// <summary>
    /// A command that runs a container whose program is a silo; its argument is a folder that both see. None by default:
    /// <see cref="Program"/> is started.
    /// </summary>
    public Func<string, IReadOnlyList<string>>? Container { get; init; }

    /// <summary>Variables added to the test's own.</summary>
    public (string Name, string Value)[] Environment { get; init; } = [];

    /// <summary>The build's folder: the one beside the tests, unless another is asked for.</summary>
    public string Folder { get; init; } = HandRun.SiloFolder ?? AppContext.BaseDirectory;

    /// <summary>The silo's file in it.</summary>
    public string Program { get; init; } = "Silo.dll";
}
