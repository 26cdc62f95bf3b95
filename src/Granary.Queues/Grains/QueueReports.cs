using Granary.Queues.Doors;
using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Reports;

namespace Granary.Queues.Grains;

/// <summary>Tells those who watch the silo of the queues whose partitions, or receivers, are there.</summary>
internal sealed class QueueReports(QueueKeeper keeper, WaitingReceivers waiting) : IReportSource
{
    /// <inheritdoc/>
    public SiloReport Extend(SiloReport report, ReportParts parts) =>
        parts.HasFlag(ReportParts.Queues) ? report with { Queues = Read() } : report;

    private QueueReport[] Read()
    {
        Dictionary<string, QueueRow> rows = keeper.Census.ReadEach().ToDictionary(static row => row.Queue, StringComparer.Ordinal);
        Dictionary<string, int> receivers = waiting.Read();
        ILookup<string, PartitionId> damaged = (keeper.KeptLog?.Log.Damage ?? [])
            .Select(static damage => damage.Partition)
            .Distinct()
            .ToLookup(static partition => partition.Queue, StringComparer.Ordinal);
        return
        [
            .. rows.Keys
                .Union(receivers.Keys, StringComparer.Ordinal)
                .Union(damaged.Select(static queue => queue.Key), StringComparer.Ordinal)
                .Select(name =>
                {
                    QueueRow row = rows.GetValueOrDefault(name);
                    return new QueueReport(
                        name,
                        row.Partitions,
                        row.Statistics with { DamagedPartitions = damaged[name].Count() },
                        receivers.GetValueOrDefault(name));
                }),
        ];
    }
}
