namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>What a confirmed send has survived. Figures of different classes are never in one table.</summary>
internal enum DurabilityClass
{
    /// <summary>A loss of power: it was synced to the disk.</summary>
    Strict,

    /// <summary>A crash of the server process: the operating system has it, the disk may not.</summary>
    Buffered,

    /// <summary>Nothing: it is in the server's memory.</summary>
    Memory,
}
