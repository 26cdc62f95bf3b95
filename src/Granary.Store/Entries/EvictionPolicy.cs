namespace Granary.Store.Entries;

/// <summary>Which entries leave a store when there is no room.</summary>
public enum EvictionPolicy
{
    /// <summary>Those that were used least recently.</summary>
    Lru = 0,

    /// <summary>
    /// S3-FIFO: new ones that are not used twice soon, so that a scan, or keys that are asked for once, displace nothing
    /// else; of the others those that were used least.
    /// </summary>
    S3Fifo = 1,
}
