namespace Granary.Cache.Copies;

/// <summary>When a change is answered, with respect to the shard's replica.</summary>
public enum ReplicaMode
{
    /// <summary>There are no replicas: a crash loses the silo's share.</summary>
    None,

    /// <summary>At once: a crash may lose the changes of the last moments.</summary>
    Async,

    /// <summary>When the replica has it: a crash loses no acknowledged change of a protected shard.</summary>
    Sync,
}
