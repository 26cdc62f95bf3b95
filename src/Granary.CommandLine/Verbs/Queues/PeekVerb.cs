using System.CommandLine;
using Granary.Administration;
using Granary.Administration.Queues;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.Queues;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>The verb <c>queue peek</c>.</summary>
internal static class PeekVerb
{
    private const string Description = """
        Shows messages of a queue without receiving them: dead letters, if --state says nothing else.

        Of each the position, which 'queue redrive --position' takes, and why it is dead or failed. --json has all of it.
        """;

    private const int DefaultMax = 20; // the console's page
    private const int MaxText = 60;

    public static Command Create(Surroundings surroundings)
    {
        var name = new QueueArgument();
        Option<string> state = StateOption.Create("Of which state.", Enum.GetValues<MessageState>());
        state.DefaultValueFactory = static _ => StateOption.NameOf(MessageState.Dead);
        var max = new Option<int>("--max")
        {
            Description = $"At most so many, up to {QueueReader.MaxPage}.",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultMax,
        };
        max.Validators.Add(static result => ConnectionOptions.CheckRange(result, 1, QueueReader.MaxPage));
        var from = new Option<string>("--from") { Description = "Where to go on: the position that the page before ended with.", HelpName = "POSITION" };
        return Verb.Create(surroundings, "peek", Description, [name.Symbol, state, max, from], async (call, cancellationToken) =>
        {
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            string queue = await name.FindAsync(call.Line, cluster.Queues.Administration, cancellationToken);
            MessagePage page = await cluster.PeekAsync(
                queue,
                StateOption.Read(call.Line.GetValue(state)!),
                call.Line.GetValue(from),
                call.Line.GetValue(max),
                cancellationToken);
            call.Tell(page, AdministrationJson.Default.MessagePage, () => ReportOf(page, call.Time.GetUtcNow()));
            return ExitCodes.Done;
        });
    }

    private static Report ReportOf(MessagePage page, DateTimeOffset now)
    {
        var report = new Report();
        if (page.Messages.Count == 0)
        {
            report.Line("There are none.");
            return report;
        }

        var table = new TextTable(
            new Column("Position", IsNumber: false),
            new Column("Age"),
            new Column("Tries", Rank: 2),
            new Column("Id", IsNumber: false, Rank: 1),
            new Column("Group", IsNumber: false, Rank: 5),
            new Column("Subject", IsNumber: false, Rank: 3),
            new Column("Bytes", Rank: 4),
            new Column("Body", IsNumber: false),
            new Column("Why", IsNumber: false));
        foreach (MessageView message in page.Messages)
        {
            table.Add(
                message.Position,
                Figures.Age(Math.Max(0, now.ToUnixTimeMilliseconds() - message.SentAt) / 1000.0),
                Figures.Count(message.Deliveries),
                Text(message.MessageId),
                Text(message.Group),
                Text(message.Subject),
                Figures.Count(message.BodyBytes),
                message.BodyIsText ? Text(message.Body) : $"(base 64) {Text(message.Body)}",
                Text(WhyOf(message)));
        }

        report.Table(table);
        if (page.Next is not null)
        {
            report.Line(new Cell($"There may be more: --from {page.Next}", Tone.Faint));
        }

        return report;
    }

    private static string? WhyOf(MessageView message) => (message.DeadReason, message.DeadDescription, message.LastFailure) switch
    {
        ({ } reason, { Length: > 0 } description, _) => $"{reason}: {description}",
        ({ } reason, _, { } failure) => reason == failure ? reason : $"{reason}: {failure}",
        ({ } reason, _, _) => reason,
        (_, _, { } failure) => failure,
        _ => null,
    };

    private static string Text(string? text) => text is null ? Figures.Unknown : Figures.Short(text, MaxText);
}
