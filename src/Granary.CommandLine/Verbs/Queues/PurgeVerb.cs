using System.CommandLine;
using Granary.Client;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.Queues;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>The verb <c>queue purge</c>.</summary>
internal static class PurgeVerb
{
    private const string Description = """
        Removes all messages of one state for good. Prints how many.

        It asks before, unless --yes is given or standard input is no terminal. Leased messages cannot be removed: they belong
        to their workers.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var name = new QueueArgument();
        Option<string> state = StateOption.Create(
            "Of which state.", MessageState.Dead, MessageState.Ready, MessageState.Delayed, MessageState.Deferred);
        state.Required = true;
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        return Verb.Create(surroundings, "purge", Description, [name.Symbol, state, yes], async (call, cancellationToken) =>
        {
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            IQueueAdministration administration = cluster.Queues.Administration;
            string queue = await name.FindAsync(call.Line, administration, cancellationToken);
            string which = call.Line.GetValue(state)!;
            long there = CountOf(await administration.GetStatisticsAsync(queue, cancellationToken), StateOption.Read(which));
            call.AskUnless(call.Line.GetValue(yes), $"Remove {Figures.Count(there, $"{which} message")} of {queue} for good?");
            long count = await Bars.RunAsync(call.Terminal, $"Purging {queue}", there, tell =>
                administration.PurgeAsync(queue, StateOption.Read(which), null, new Progressing(tell), cancellationToken));
            call.Tell(new ActionResult("purge", queue, count), $"{Figures.Count(count, $"{which} message")} of {queue} removed.");
            return ExitCodes.Done;
        });
    }

    private static long CountOf(in QueueStatistics statistics, MessageState state) => state switch
    {
        MessageState.Ready => statistics.Ready,
        MessageState.Delayed => statistics.Delayed,
        MessageState.Deferred => statistics.Deferred,
        _ => statistics.Dead,
    };
}
