using Granary.Administration.Diagnosis;
using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Administration.State;
using Granary.CommandLine.Connecting;
using Granary.Reports;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>A cluster and its queues, with what is wrong with them.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Queues">Its queues.</param>
internal sealed record ClusterLook(ClusterState Cluster, QueueList Queues)
{
    /// <summary>Reads twice, for the rates.</summary>
    public static async Task<ClusterLook> ReadTwiceAsync(ICluster cluster, TimeProvider time, CancellationToken cancellationToken)
    {
        ClusterReading[] readings = await TwoReadings.TakeAsync(
            cluster, time, ReportParts.Queues | ReportParts.History, cancellationToken);
        return await OfAsync(cluster, readings, cancellationToken);
    }

    /// <summary>Of some readings, the oldest first; the last has queues and history.</summary>
    public static async Task<ClusterLook> OfAsync(
        ICluster cluster, IReadOnlyList<ClusterReading> readings, CancellationToken cancellationToken)
    {
        QueueList queues = await cluster.ListQueuesAsync(readings[^1], cancellationToken);
        ClusterState state = ClusterStates.Of(readings);
        return new ClusterLook(
            state with { Findings = ClusterDiagnosis.Of(state, queues, ClusterHistory.Of(readings[^1])) }, queues);
    }
}
