namespace Granary.ClusterTests.Checking.Callers;

/// <summary>The two ways into the cluster.</summary>
internal enum Protocol
{
    /// <summary>memcached's text protocol, over a connection of the caller's own.</summary>
    Memcached = 0,

    /// <summary>The .NET client, shared by its callers as in an application.</summary>
    DotNet = 1,
}
