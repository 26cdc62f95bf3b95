using Granary.Administration.Reading;
using Granary.CommandLine.Connecting;
using Granary.Reports;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>Readings from which rates can be told.</summary>
internal static class TwoReadings
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    /// <summary>Reads twice.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="time">The clock.</param>
    /// <param name="parts">Of the second reading.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ClusterReading[]> TakeAsync(
        ICluster cluster, TimeProvider time, ReportParts parts, CancellationToken cancellationToken)
    {
        ClusterReading first = await cluster.ReadAsync(ReportParts.None, cancellationToken);
        await Task.Delay(Apart, time, cancellationToken);
        return [first, await cluster.ReadAsync(parts, cancellationToken)];
    }
}
