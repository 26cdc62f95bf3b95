namespace Granary.ClusterTests.Checking;

/// <summary>What a workload does. Together with a build it can be repeated from this and the faults.</summary>
internal sealed record WorkloadSettings
{
    /// <summary>Of all random choices.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Of all callers together, by an absolute schedule.</summary>
    public double OperationsPerSecond { get; init; } = 5000;

    /// <summary>Connections of memcached's protocol, spread over the silos.</summary>
    public int MemcachedCallers { get; init; } = 32;

    /// <summary>Callers of the .NET client.</summary>
    public int ClientCallers { get; init; } = 32;

    /// <summary>How long an operation may take until it is given up. Default: what the .NET client takes.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Entries that are stored before the run and read after it. MiB of values.</summary>
    public int ColdMebibytes { get; init; }

    public int Registers { get; init; } = 1024;

    public int Counters { get; init; } = 64;

    public int Lists { get; init; } = 64;

    public int SwapRegisters { get; init; } = 64;

    public int Locks { get; init; } = 64;

    public int ExpiringEntries { get; init; } = 256;
}
