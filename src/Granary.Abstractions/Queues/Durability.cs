namespace Granary.Queues;

/// <summary>What a confirmation of a send promises.</summary>
public enum Durability
{
    /// <summary>A confirmed send survives a loss of power: the disk has it.</summary>
    Strict,

    /// <summary>A confirmed send survives the death of the process: the operating system has it, the disk perhaps not.</summary>
    Relaxed,

    /// <summary>A confirmed send survives nothing: it is gone when the silo stops that has it, also if others go on.</summary>
    Memory,
}
