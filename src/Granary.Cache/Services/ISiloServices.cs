using System.Net;

namespace Granary.Cache.Services;

/// <summary>The silos' batch end points.</summary>
internal interface ISiloServices
{
    /// <summary>For callers in silos.</summary>
    ICacheSiloService At(SiloAddress silo);

    /// <summary>
    /// For external clients, which know a silo only by its gateway: a reference with another address would be sent to
    /// some gateway in turn and forwarded.
    /// </summary>
    ICacheSiloService AtGateway(IPEndPoint gateway);
}
