using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Granary.Client.Connecting;

/// <summary>Asks a silo for the map: the same that every operation needs.</summary>
internal sealed class GranaryHealthCheck(IGranaryCluster cluster) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            ServedMap map = await cluster.GetMapAsync(cancellationToken).ConfigureAwait(false);
            int leaving = map.Silos.Count(static silo => silo.Draining);
            var data = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["silos"] = map.Silos.Length,
                ["leaving"] = leaving,
            };
            return HealthCheckResult.Healthy($"{map.Silos.Length} silos, of which {leaving} leave.", data);
        }
        catch (GranaryUnavailableException failure)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Message, failure);
        }
    }
}
