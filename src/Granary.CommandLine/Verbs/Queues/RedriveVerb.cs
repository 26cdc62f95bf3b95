using System.CommandLine;
using Granary.Client;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.Queues;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>The verb <c>queue redrive</c>.</summary>
internal sealed class RedriveVerb
{
    private const string Description = """
        Makes dead letters ready again, as if they had never failed: all, or those of one reason or position.

        Their history stays. Prints how many. A position that is no dead letter's is said; the exit code is 1.
        """;

    private const int MaxRate = 1_000_000;

    private readonly QueueArgument _name = new();
    private readonly Option<string> _reason = new("--reason") { Description = "Only those that died of exactly this.", HelpName = "TEXT" };

    private readonly Option<MessagePosition?> _position = new("--position")
    {
        Description = "Only this one, as 'queue peek' shows it.",
        HelpName = "POSITION",
        CustomParser = static result =>
        {
            if (MessagePosition.TryParse(result.Tokens[0].Value, out MessagePosition position))
            {
                return position;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no position: it must be PARTITION.OFFSET, as in 3.17.");
            return null;
        },
    };

    private readonly Option<int?> _rate = new("--rate")
    {
        Description = "At most so many a second, so that workers are not flooded.",
        HelpName = "N",
    };

    private RedriveVerb() => _rate.Validators.Add(static result => ConnectionOptions.CheckRange(result, 1, MaxRate));

    public static Command Create(Surroundings surroundings)
    {
        var verb = new RedriveVerb();
        return Verb.Create(
            surroundings, "redrive", Description, [verb._name.Symbol, verb._reason, verb._position, verb._rate], verb.RunAsync);
    }

    private async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        ICluster cluster = await call.ConnectAsync(cancellationToken);
        IQueueAdministration administration = cluster.Queues.Administration;
        string queue = await _name.FindAsync(call.Line, administration, cancellationToken);
        MessagePosition? position = call.Line.GetValue(_position);
        var filter = new DeadFilter(call.Line.GetValue(_reason), position is { } one ? [one] : null);
        QueueStatistics statistics = await administration.GetStatisticsAsync(queue, cancellationToken);
        long count = await Bars.RunAsync(call.Terminal, $"Redriving {queue}", statistics.Dead, tell =>
            administration.RedriveAsync(queue, filter, call.Line.GetValue(_rate), new Progressing(tell), cancellationToken));
        if (count == 0 && position is not null)
        {
            throw new VerbException($"There is no dead letter at {position} of '{queue}' that is meant.", ExitCodes.No);
        }

        call.Tell(new ActionResult("redrive", queue, count), $"{Figures.Count(count, "message")} of {queue} ready again.");
        return ExitCodes.Done;
    }
}
