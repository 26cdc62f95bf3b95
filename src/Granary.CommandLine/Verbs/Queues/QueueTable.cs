using Granary.Administration.Queues;
using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>Queues, one below the other.</summary>
internal static class QueueTable
{
    public static TextTable Of(IEnumerable<QueueState> queues)
    {
        var table = new TextTable(
            new Column("Queue", IsNumber: false),
            new Column("Is", IsNumber: false),
            new Column("Ready"),
            new Column("Leased", Rank: 4),
            new Column("Delayed", Rank: 7),
            new Column("Deferred", Rank: 9),
            new Column("Dead"),
            new Column("Oldest", Rank: 2),
            new Column("Sent/s", Rank: 6),
            new Column("Received/s", Rank: 8),
            new Column("Completed/s", Rank: 5),
            new Column("Failed/s", Rank: 3));
        foreach (QueueState queue in queues)
        {
            table.Add(RowOf(queue));
        }

        return table;
    }

    // What a topic has is in its subscriptions; those are sent nothing themselves.
    private static Cell[] RowOf(QueueState queue)
    {
        bool isTopic = queue.Kind == QueueKind.Topic;
        string Of(long count) => isTopic ? Figures.Unknown : Figures.Count(count);
        string Per(double rate) => isTopic ? Figures.Unknown : Figures.Rate(rate);
        return
        [
            new Cell(queue.Name, Tone.Strong),
            StateOf(queue),
            Of(queue.Ready + queue.Behind),
            Of(queue.Leased),
            Of(queue.Delayed),
            Of(queue.Deferred),
            new Cell(Of(queue.Dead), queue.Dead > 0 ? Tone.Warning : Tone.Normal),
            Figures.Age(queue.OldestReadySeconds),
            queue.Kind == QueueKind.Subscription ? Figures.Unknown : Figures.Rate(queue.Rates.Sent),
            Per(queue.Rates.Received),
            Per(queue.Rates.Completed),
            new Cell(Per(queue.Rates.Failed), queue.Rates.Failed > 0 ? Tone.Warning : Tone.Normal),
        ];
    }

    private static Cell StateOf(QueueState queue) => new(
        queue.Kind == QueueKind.Topic ? "topic" : $"{queue.State}".ToLowerInvariant(),
        queue.State switch
        {
            QueueHealth.Damaged => Tone.Bad,
            QueueHealth.Stuck or QueueHealth.Failing or QueueHealth.Paused => Tone.Warning,
            QueueHealth.Idle => Tone.Faint,
            _ => Tone.Good,
        });
}
