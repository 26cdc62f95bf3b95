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

    /// <summary>None: what does not fit is refused, and only what has expired or was removed makes room. memcached's <c>-M</c>.</summary>
    None = 2,
}
