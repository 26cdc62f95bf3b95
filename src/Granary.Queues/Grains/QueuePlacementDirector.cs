using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Placement;

namespace Granary.Queues.Grains;

/// <summary>Places on the one silo that keeps the queues, and nowhere while that is away: only it may open the log.</summary>
internal sealed class QueuePlacementDirector(IOptions<QueueSiloOptions> options) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        IPEndPoint keeper = options.Value.Keeper
            ?? throw new GranaryUnavailableException("This cluster keeps no queues: no silo was told to.");
        return Task.FromResult(
            Array.Find(context.GetCompatibleSilos(target), silo => silo.Endpoint.Equals(keeper))
            ?? throw new GranaryUnavailableException($"The silo at {keeper}, which keeps the queues, is not there."));
    }
}
