namespace Granary.Cache.Shards;

/// <summary>What the registry knows of one shard. Under the registry's lock.</summary>
internal sealed class ShardSlot
{
    public ShardState State { get; set; }

    /// <summary>The activation that holds it here; <see langword="null"/> when closed.</summary>
    public IGrainContext? Activation { get; set; }

    /// <summary>Grows with every activation here.</summary>
    public long Incarnation { get; set; }

    /// <summary>The highest term served here.</summary>
    public long Term { get; set; }

    /// <summary>Whether the store holds entries of it that are not served.</summary>
    public bool IsParked { get; set; }

    /// <summary>Silos that had left the cluster when it was parked.</summary>
    public int DeparturesWhenParked { get; set; }
}
