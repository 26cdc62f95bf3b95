using Granary.Client;
using Granary.Client.Connecting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Granary to an application's health checks.</summary>
public static class GranaryHealthChecksBuilderExtensions
{
    // A silo that was cut off keeps a question for 30 s, Orleans' own time.
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds a check of whether a silo answers the client that <c>AddGranaryClient</c> has added.</summary>
    /// <param name="builder">The application's checks.</param>
    /// <param name="name">The check's name. Default <c>granary</c>.</param>
    /// <param name="failureStatus">What it is when no silo answers. Default <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">
    /// Its tags: <c>ready</c>, if the application is of no use without. A check of liveness should not have it: a restart of the
    /// application mends no cluster.
    /// </param>
    /// <param name="timeout">How long it waits. Default 5 s.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IHealthChecksBuilder AddGranary(
        this IHealthChecksBuilder builder,
        string name = "granary",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            static provider => new GranaryHealthCheck(provider.GetRequiredService<IGranaryCluster>()),
            failureStatus,
            tags,
            timeout ?? DefaultTimeout));
    }
}
