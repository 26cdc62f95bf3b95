using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Granary.Client;

/// <summary>What this library tells of itself: one source of traces and one meter, both named as the library.</summary>
internal static class ClientTelemetry
{
    public const string Name = "Granary.Client";

    private static readonly string Version = typeof(ClientTelemetry).Assembly.GetName().Version!.ToString(3);

    public static ActivitySource Source { get; } = new(Name, Version);

    public static Meter Meter { get; } = new(Name, Version);

    /// <summary>What a span is about has failed.</summary>
    public static void Fail(Activity? span, Exception error) =>
        span?.SetStatus(ActivityStatusCode.Error, error.Message).SetTag("error.type", error.GetType().FullName);
}
