using System.CommandLine;
using Granary.Client;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>The verbs <c>queue pause</c> and <c>queue resume</c>.</summary>
internal static class PauseVerb
{
    private const string PauseDescription = """
        Lets a queue give nothing out until it is resumed. What is sent is stored; what workers have, they can complete.
        """;

    private const string ResumeDescription = """
        Lets a queue that was paused give messages out again.
        """;

    public static Command CreatePause(Surroundings surroundings) => Create(
        surroundings,
        "pause",
        PauseDescription,
        static (administration, queue, cancellationToken) => administration.PauseAsync(queue, cancellationToken),
        static queue => $"{queue} is paused; 'granary queue resume {queue}' ends that.");

    public static Command CreateResume(Surroundings surroundings) => Create(
        surroundings,
        "resume",
        ResumeDescription,
        static (administration, queue, cancellationToken) => administration.ResumeAsync(queue, cancellationToken),
        static queue => $"{queue} gives messages out.");

    private static Command Create(
        Surroundings surroundings,
        string verb,
        string description,
        Func<IQueueAdministration, string, CancellationToken, Task<bool>> act,
        Func<string, string> sentence)
    {
        var name = new QueueArgument();
        return Verb.Create(surroundings, verb, description, [name.Symbol], async (call, cancellationToken) =>
        {
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            string queue = await name.FindAsync(call.Line, cluster.Queues.Administration, cancellationToken);
            if (!await act(cluster.Queues.Administration, queue, cancellationToken))
            {
                throw new VerbException($"There is no queue '{queue}' any more.", ExitCodes.No);
            }

            call.Tell(new ActionResult(verb, queue, 1), sentence(queue));
            return ExitCodes.Done;
        });
    }
}
