namespace Granary.Benchmarks.Peers;

/// <summary>Whether each shard of a cluster has a copy on another silo, and when a change is answered.</summary>
internal enum Replication
{
    None,

    /// <summary>At once.</summary>
    Async,

    /// <summary>When the copy has it.</summary>
    Sync,
}
