using System.Net;
using Orleans.Runtime.Services;

namespace Granary.Cache.Services;

/// <summary>Makes references to silos' batch end points.</summary>
internal sealed class CacheSiloServiceClient(IServiceProvider services) : GrainServiceClient<ICacheSiloService>(services)
{
    /// <summary>For callers in silos.</summary>
    public ICacheSiloService At(SiloAddress silo) => GetGrainService(silo);

    /// <summary>
    /// For external clients, which know a silo only by its gateway: a reference with another address would be sent to
    /// some gateway in turn and forwarded.
    /// </summary>
    public ICacheSiloService AtGateway(IPEndPoint gateway) => GetGrainService(SiloAddress.New(gateway, 0));
}
