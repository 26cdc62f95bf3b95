using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Faults;

/// <summary>How much a fault run does: a little in CI, the real thing by hand.</summary>
internal sealed record FaultScale
{
    public static FaultScale Current { get; } = HandRun.LongRunsFolder is null ? new() : new()
    {
        Memory = "2GiB", // a store whose entries are changed all the time holds three quarters of its budget
        OperationsPerSecond = 5000,
        ColdMebibytes = 1024,
        Kills = 20,
        Pause = TimeSpan.FromSeconds(60),
        Cut = TimeSpan.FromSeconds(60),
        MaxPause = TimeSpan.FromSeconds(1),
    };

    /// <summary>The budget of each silo: without one of three they still hold everything, and replicas of it.</summary>
    public string Memory { get; private init; } = "128MiB";

    /// <summary>Of the load. In CI, where three to five silos and it share two cores, so that there is room for the fault.</summary>
    public double OperationsPerSecond { get; private init; } = 2000;

    /// <summary>Entries that are only read again at the end.</summary>
    public int ColdMebibytes { get; private init; } = 32;

    /// <summary>Crashes, one after the other.</summary>
    public int Kills { get; private init; } = 2;

    /// <summary>How long a silo is stopped.</summary>
    public TimeSpan Pause { get; private init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the network is cut: longer than a serving lease, and than a dead silo is noticed.</summary>
    public TimeSpan Cut { get; private init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// How long a key may be without an answer in a planned change. In CI, where machines stop for seconds, only that
    /// nothing hangs.
    /// </summary>
    public TimeSpan MaxPause { get; private init; } = TimeSpan.FromSeconds(10);

    /// <summary>Load between two faults, and before the first.</summary>
    public TimeSpan Calm { get; private init; } = TimeSpan.FromSeconds(2);
}
