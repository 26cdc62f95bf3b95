using System.Net;

namespace Granary.Queues;

/// <summary>Where the cluster keeps its queues: in a database that all silos share, or on one silo.</summary>
public sealed class QueueSiloOptions
{
    /// <summary>
    /// The database that all silos share: a PostgreSQL connection string as Npgsql reads it. Its tables are made at start,
    /// where <c>Search Path</c> leads. Every silo then keeps some partitions. <see langword="null"/>: one silo keeps all.
    /// </summary>
    public string? StoreConnection { get; set; }

    /// <summary>How long a start waits for a database that does not answer. Default 30 s.</summary>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Without a database: silo end point of the silo that keeps all queues. <see langword="null"/>: the cluster has none;
    /// calls are answered with a <see cref="GranaryUnavailableException"/>.
    /// </summary>
    public IPEndPoint? Keeper { get; set; }

    /// <summary>
    /// Folder of the queues' database on the silo that keeps them; it is made if it is not there, and belongs to one
    /// process at a time. Default <c>data</c>, below the working directory.
    /// </summary>
    public string Folder { get; set; } = "data";
}
