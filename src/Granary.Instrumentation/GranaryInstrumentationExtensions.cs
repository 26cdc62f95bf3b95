using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Granary.Instrumentation;

/// <summary>Lets OpenTelemetry collect what Granary's libraries tell, in clients and in silos.</summary>
public static class GranaryInstrumentationExtensions
{
    private const string All = "Granary.*"; // each library's source and meter is named as the library

    /// <summary>
    /// Collects traces. Clients: a span for each call of the cache (conventions for databases: <c>db.system.name</c> is
    /// <c>granary</c>), for each send, receive and process of messages (conventions for messaging). Silos: the storing of messages.
    /// </summary>
    /// <param name="tracing">OpenTelemetry's builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tracing"/> is <see langword="null"/>.</exception>
    public static TracerProviderBuilder AddGranaryInstrumentation(this TracerProviderBuilder tracing)
    {
        ArgumentNullException.ThrowIfNull(tracing);
        return tracing.AddSource(All);
    }

    /// <summary>
    /// Collects metrics. Clients: <c>db.client.operation.duration</c> (s) of the cache's calls, and <c>granary.hybrid.*</c>, what
    /// the hybrid cache counts. Silos: what <c>/metrics</c> has.
    /// </summary>
    /// <param name="metrics">OpenTelemetry's builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is <see langword="null"/>.</exception>
    public static MeterProviderBuilder AddGranaryInstrumentation(this MeterProviderBuilder metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return metrics.AddMeter(All);
    }
}
