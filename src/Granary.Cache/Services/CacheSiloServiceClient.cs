using System.Net;
using Orleans.Runtime.Services;

namespace Granary.Cache.Services;

/// <inheritdoc/>
internal sealed class CacheSiloServiceClient(IServiceProvider services)
    : GrainServiceClient<ICacheSiloService>(services), ISiloServices
{
    public ICacheSiloService At(SiloAddress silo) => GetGrainService(silo);

    public ICacheSiloService AtGateway(IPEndPoint gateway) => GetGrainService(SiloAddress.New(gateway, 0));
}
