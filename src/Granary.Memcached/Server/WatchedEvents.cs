namespace Granary.Memcached.Server;

/// <summary>What a client can watch: memcached's words.</summary>
[Flags]
internal enum WatchedEvents
{
    None = 0,

    /// <summary><c>fetchers</c>: keys that are read.</summary>
    Fetchers = 1,

    /// <summary><c>mutations</c>: values that are to be stored.</summary>
    Mutations = 2,

    /// <summary><c>evictions</c>: entries that make room.</summary>
    Evictions = 4,

    /// <summary><c>connevents</c>: connections that come and go.</summary>
    Connections = 8,

    /// <summary><c>deletions</c>: entries that are deleted.</summary>
    Deletions = 16,
}
