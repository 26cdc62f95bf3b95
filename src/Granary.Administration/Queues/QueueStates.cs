using Granary.Administration.Reading;
using Granary.Queues;
using Granary.Reports;

namespace Granary.Administration.Queues;

/// <summary>Makes what is shown of the queues out of what was read.</summary>
public static class QueueStates
{
    /// <summary>All that are defined, with what the silos tell of them.</summary>
    /// <param name="definitions">All queues.</param>
    /// <param name="reading">With <see cref="ReportParts.Queues"/>.</param>
    public static QueueList Of(IEnumerable<QueueDefinition> definitions, ClusterReading reading)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(reading);
        ILookup<string, QueueReport> reports = reading.Silos
            .SelectMany(static silo => silo.Report?.Queues ?? [])
            .ToLookup(static queue => queue.Name, StringComparer.Ordinal);
        QueueState[] queues =
        [
            .. definitions.SelectMany(AllOf)
                .Select(one => Of(one.Name, one.Kind, one.Definition, one.Paused, [.. reports[one.Name]]))
                .OrderBy(static queue => queue.Name, StringComparer.Ordinal),
        ];
        return new QueueList(reading.At.ToUnixTimeMilliseconds(), Available: true, Reason: null, queues);
    }

    /// <summary>That they cannot be read now.</summary>
    public static QueueList Unavailable(DateTimeOffset at, string reason) =>
        new(at.ToUnixTimeMilliseconds(), Available: false, reason, []);

    private static IEnumerable<(string Name, QueueKind Kind, QueueDefinition Definition, bool Paused)> AllOf(QueueDefinition definition) =>
    [
        (definition.Name, definition.Topic is null ? QueueKind.Queue : QueueKind.Topic, definition, definition.IsPaused),
        .. definition.Subscriptions.Select(one =>
            (SubscriptionName.Of(definition.Name, one.Name), QueueKind.Subscription, definition, one.IsPaused)),
    ];

    private static QueueState Of(string name, QueueKind kind, QueueDefinition definition, bool paused, QueueReport[] reports)
    {
        QueueStatistics sum = QueueStatistics.Sum(reports.Select(static report => report.Statistics));
        var state = new QueueState
        {
            Name = name,
            Kind = kind,
            Durability = definition.Options.Durability,
            Partitions = definition.Partitions,
            OpenPartitions = reports.Sum(static report => report.Partitions),
            Paused = paused,
            Ready = sum.Ready,
            Delayed = sum.Delayed,
            Leased = sum.Leased,
            Deferred = sum.Deferred,
            Dead = sum.Dead,
            Behind = sum.Behind,
            OldestReadySeconds = sum.Ready > 0 ? sum.OldestReadyAge.TotalSeconds : null,
            OldestLeaseSeconds = sum.Leased > 0 ? sum.OldestLeaseAge.TotalSeconds : null,
            DamagedPartitions = reports.Length == 0 ? 0 : reports.Max(static report => report.Statistics.DamagedPartitions), // all silos see one log
            Rates = QueueRates.Of(sum),
            WaitingReceivers = reports.Sum(static report => report.WaitingReceivers),
            State = QueueHealth.Idle,
            Says = string.Empty,
        };
        (QueueHealth health, string says) = QueueDiagnosis.Of(state);
        return state with { State = health, Says = says };
    }
}
