using System.Net;
using Granary.Security;

namespace Granary.Clustering;

/// <summary>Where a silo finds the others: in a store or at a primary, one of the two.</summary>
public sealed class ClusteringOptions
{
    /// <summary>
    /// The cluster store: a PostgreSQL connection string as Npgsql reads it,
    /// <c>Host=db;Database=granary;Username=granary;Password=...</c>. Its tables are made at start, where
    /// <c>Search Path</c> leads.
    /// </summary>
    public string? StoreConnection { get; set; }

    /// <summary>The silo port of the silo that holds the membership, which may be this one. It cannot be restarted alone.</summary>
    public IPEndPoint? Primary { get; set; }

    /// <summary>How long a start waits for a store that does not answer. Default 30 s.</summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Mutual TLS on the ports for silos and for .NET clients. Without it, the default, whoever reaches them may do
    /// everything.
    /// </summary>
    public TlsFiles? Tls { get; set; }
}
