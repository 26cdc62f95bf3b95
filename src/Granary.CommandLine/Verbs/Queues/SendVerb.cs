using System.CommandLine;
using Granary.Client;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.CommandLine.Values;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>The verb <c>queue send</c>.</summary>
internal sealed class SendVerb
{
    private const string Description = """
        Sends a message to a queue or a topic. A queue that is not there is made.

        The position is printed when the message is stored. With --id a message is not stored twice: the position is that of
        the first then.
        """;

    private readonly Argument<string> _name = new("NAME") { Description = "A queue or a topic." };
    private readonly Argument<string> _body = new("BODY") { Description = "The body as text, or - for standard input." };
    private readonly Option<string> _id = new("--id") { Description = "A second message with this id is not stored.", HelpName = "TEXT" };

    private readonly Option<string> _group = new("--group")
    {
        Description = "Messages of one group are worked on one after another.",
        HelpName = "TEXT",
    };

    private readonly Option<string> _subject = new("--subject") { Description = "What it is about.", HelpName = "TEXT" };

    private readonly Option<Dictionary<string, string>> _headers = new("--header")
    {
        Description = "A further text by name. May be given more than once.",
        HelpName = "NAME=TEXT",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = NamedTexts.Parse,
    };

    private readonly Option<TimeSpan?> _delay = new("--delay")
    {
        Description = $"Not delivered before this has passed: {Durations.Rule}.",
        HelpName = "TIME",
        CustomParser = Durations.Parse,
    };

    private SendVerb()
    {
    }

    public static Command Create(Surroundings surroundings)
    {
        var verb = new SendVerb();
        return Verb.Create(
            surroundings,
            "send",
            Description,
            [verb._name, verb._body, verb._id, verb._group, verb._subject, verb._headers, verb._delay],
            verb.RunAsync);
    }

    private async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> body = await Bodies.ReadAsync(call.Line.GetValue(_body)!, call.Terminal, cancellationToken);
        ICluster cluster = await call.ConnectAsync(cancellationToken);
        IQueueSender sender = cluster.Queues.CreateSender(call.Line.GetValue(_name)!);
        var message = new QueueMessage(body)
        {
            MessageId = call.Line.GetValue(_id),
            Group = call.Line.GetValue(_group),
            Subject = call.Line.GetValue(_subject),
            Headers = call.Line.GetValue(_headers) ?? [],
            ScheduledTime = call.Line.GetValue(_delay) is { } delay ? call.Time.GetUtcNow() + delay : null,
        };
        SendReceipt receipt = await sender.SendAsync(message, cancellationToken);
        call.Tell(
            new SentMessage(sender.Queue, $"{receipt.Position}", receipt.IsDuplicate),
            VerbJson.Default.SentMessage,
            () => ReportOf(receipt));
        return ExitCodes.Done;
    }

    private static Report ReportOf(SendReceipt receipt)
    {
        var report = new Report();
        report.Line(receipt.IsDuplicate ? $"{receipt.Position} (it was there)" : $"{receipt.Position}");
        return report;
    }
}
