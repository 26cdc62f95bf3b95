namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>What is wrong with a message, or with a worker beside those that are measured.</summary>
internal enum Trouble
{
    None,

    /// <summary>Some messages fail in every attempt, until they are dead letters.</summary>
    Poison,

    /// <summary>A worker has taken messages and does nothing any more.</summary>
    Stuck,

    /// <summary>A worker takes a hundred times as long as the others.</summary>
    Slow,
}
