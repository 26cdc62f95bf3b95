using System.CommandLine;
using Granary.Administration;
using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.Reports;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>The verb <c>queue list</c>.</summary>
internal static class ListVerb
{
    private const string Description = """
        Lists queues, topics and subscriptions: how they do, how many messages are where, and how fast it goes.

        Rates are those of about the last ten seconds. Below the table is what is wrong, in sentences.
        """;

    public static Command Create(Surroundings surroundings) =>
        Verb.Create(surroundings, "list", Description, [], async (call, cancellationToken) =>
        {
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            ClusterReading reading = await cluster.ReadAsync(ReportParts.Queues, cancellationToken);
            QueueList list = await cluster.ListQueuesAsync(reading, cancellationToken);
            if (!list.Available)
            {
                throw new VerbException($"The queues cannot be read: {list.Reason}", ExitCodes.Failed);
            }

            call.Tell(list, AdministrationJson.Default.QueueList, () => ReportOf(list));
            return ExitCodes.Done;
        });

    private static Report ReportOf(QueueList list)
    {
        var report = new Report();
        if (list.Queues.Count == 0)
        {
            report.Line("There are no queues: the first message makes one.");
            return report;
        }

        report.Table(QueueTable.Of(list.Queues));
        QueueState[] remarkable =
        [
            .. list.Queues.Where(static queue => queue.State is not (QueueHealth.Idle or QueueHealth.Ok)),
        ];
        if (remarkable.Length > 0)
        {
            report.Space();
        }

        foreach (QueueState queue in remarkable)
        {
            report.Line(new Cell(queue.Name, Tone.Strong), $": {queue.Says}");
        }

        return report;
    }
}
