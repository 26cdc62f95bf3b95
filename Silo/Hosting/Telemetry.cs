using System.Diagnostics.Metrics;
using Granary.Instrumentation;
using Granary.Silo.Access;
using Granary.Silo.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Granary.Silo.Hosting;

/// <summary>
/// Metrics for Prometheus at <see cref="MetricsPath"/>; with <c>--otlp</c> also sent to a collector, and traces with them.
/// </summary>
internal static class Telemetry
{
    public const string MetricsPath = "/metrics";

    private const string Orleans = "Microsoft.Orleans";
    private const string Runtime = "System.Runtime"; // .NET's own

    // Of a stop. A collector that does not answer is not to hold it up.
    private static readonly TimeSpan ExportTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds what collects and what exports.</summary>
    public static void AddTelemetry(this IServiceCollection services, SiloSettings settings)
    {
        string version = typeof(Telemetry).Assembly.GetName().Version!.ToString(3);
        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                "granary", serviceVersion: version, serviceInstanceId: settings.Name, autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics =>
            {
                metrics.AddGranaryInstrumentation().AddMeter(Orleans, Runtime).AddView(Choose).AddPrometheusExporter();
                if (settings.Otlp is { } collector)
                {
                    metrics.AddOtlpExporter(options => Configure(options, collector));
                }
            });
        if (settings.Otlp is { } traces)
        {
            telemetry.WithTracing(tracing => tracing.AddGranaryInstrumentation().AddOtlpExporter(options => Configure(options, traces)));
        }
    }

    /// <summary>Serves them to Prometheus.</summary>
    public static void MapMetrics(this WebApplication app) =>
        app.MapPrometheusScrapingEndpoint(MetricsPath).Restrict(app, AccessRole.Metrics);

    // Orleans records some of its instruments at every message, which is what the cache is made of. Those that it only
    // counts, and tells when it is asked, cost nothing.
    private static MetricStreamConfiguration? Choose(Instrument instrument) =>
        instrument.Meter.Name != Orleans || instrument.IsObservable ? null : MetricStreamConfiguration.Drop;

    private static void Configure(OtlpExporterOptions options, Uri collector)
    {
        options.Endpoint = collector;
        options.Protocol = OtlpExportProtocol.Grpc;
        options.TimeoutMilliseconds = (int)ExportTimeout.TotalMilliseconds;
    }
}
