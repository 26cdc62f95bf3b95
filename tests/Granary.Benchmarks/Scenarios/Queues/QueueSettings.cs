using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues;

/// <summary>What one run of <c>queue</c> is to do.</summary>
internal sealed record QueueSettings
{
    public required IReadOnlyList<IQueuePeer> Peers { get; init; }

    public required IReadOnlyList<DurabilityClass> Classes { get; init; }

    /// <summary>Names of the workloads that are run; "w2" stands for all whose name begins with "w2-".</summary>
    public required string[] Workloads { get; init; }

    public required int Rounds { get; init; }

    public required TimeSpan Warmup { get; init; }

    /// <summary>Measured time of workloads that are bounded by time.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Messages that are there before W3 and W5 begin.</summary>
    public required int Messages { get; init; }

    /// <summary>Length of a message, but for W10.</summary>
    public required int BodyBytes { get; init; }

    /// <summary>Messages a second of W4.</summary>
    public required int[] Rates { get; init; }

    /// <summary>Messages of W10.</summary>
    public required int Backlog { get; init; }

    /// <summary>Whether W10's server is not restarted before the drain.</summary>
    public bool KeepsRunning { get; init; }

    /// <summary>The core every server is pinned to, and the load kept off.</summary>
    public int? Cpu { get; init; }

    /// <summary>Whether strace counts syncs; the other figures are void then.</summary>
    public bool CountsSyncs { get; init; }

    public FileInfo? Csv { get; init; }
}
