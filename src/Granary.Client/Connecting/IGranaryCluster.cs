namespace Granary.Client;

/// <summary>The silos that the client talks to: for programs that show or operate a cluster. Thread-safe.</summary>
public interface IGranaryCluster
{
    /// <summary>Asks for the map anew.</summary>
    /// <returns>
    /// A map whose silos are reached from here: what <see cref="ServedSilo.Service"/> is asked arrives, which is not so with a
    /// map that was fetched in another way.
    /// </returns>
    /// <exception cref="GranaryUnavailableException">No silo answers.</exception>
    Task<ServedMap> GetMapAsync(CancellationToken cancellationToken = default);
}
