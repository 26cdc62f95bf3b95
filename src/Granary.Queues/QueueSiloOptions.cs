using System.Net;

namespace Granary.Queues;

/// <summary>Which silo of the cluster keeps the queues, and where.</summary>
public sealed class QueueSiloOptions
{
    /// <summary>
    /// Silo end point of the silo that keeps all queues. <see langword="null"/>: the cluster has none; calls are answered
    /// with a <see cref="GranaryUnavailableException"/>.
    /// </summary>
    public IPEndPoint? Keeper { get; set; }

    /// <summary>
    /// Folder of the queues' database on the silo that keeps them; it is made if it is not there, and belongs to one
    /// process at a time. Default <c>data</c>, below the working directory.
    /// </summary>
    public string Folder { get; set; } = "data";
}
