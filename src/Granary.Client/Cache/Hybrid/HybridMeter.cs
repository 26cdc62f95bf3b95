using System.Diagnostics.Metrics;

namespace Granary.Client.Cache.Hybrid;

/// <summary>What is counted of all hybrid caches of the process.</summary>
internal static class HybridMeter
{
    /// <summary>Answers from this process' memory.</summary>
    public static readonly Counter<long> NearHits = ClientTelemetry.Meter.CreateCounter<long>(
        "granary.hybrid.near_hits", "{request}", "Requests answered from the process' own memory.");

    /// <summary>Answers from the cluster.</summary>
    public static readonly Counter<long> ClusterHits = ClientTelemetry.Meter.CreateCounter<long>(
        "granary.hybrid.cluster_hits", "{request}", "Requests answered from the cluster.");

    /// <summary>Requests that found nothing.</summary>
    public static readonly Counter<long> Misses = ClientTelemetry.Meter.CreateCounter<long>(
        "granary.hybrid.misses", "{request}", "Requests that found no value.");

    /// <summary>Values made anew in the background.</summary>
    public static readonly Counter<long> Refreshes = ClientTelemetry.Meter.CreateCounter<long>(
        "granary.hybrid.refreshes", "{value}", "Values made anew in the background.");

    /// <summary>Kept values thrown away because a silo told of a change.</summary>
    public static readonly Counter<long> Invalidations = ClientTelemetry.Meter.CreateCounter<long>(
        "granary.hybrid.invalidations", "{value}", "Kept values thrown away because they were changed elsewhere.");
}
