using Microsoft.Extensions.Hosting;

namespace Granary.Streams;

/// <summary>
/// Lets a client whose gateways come from the cluster learn them again and again: one that only streams would not notice
/// that all silos which it knows have been replaced.
/// </summary>
internal sealed class GatewayRefresh(TimeProvider time, IGatewaySource? gateways = null) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        do
        {
            gateways?.Refresh();
        }
        while (gateways is not null && await timer.WaitForNextTickAsync(stoppingToken));
    }
}
