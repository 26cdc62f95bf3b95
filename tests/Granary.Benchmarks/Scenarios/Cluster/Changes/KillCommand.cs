using System.CommandLine;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>The command line of <c>cluster kill</c>.</summary>
internal static class KillCommand
{
    public static Command Create()
    {
        var command = new Command("kill", "Time until the shards of a silo that was killed (SIGKILL) answer again.");
        var options = new ChangeOptions(command, fill: 64, valueBytes: 100, rounds: 5);
        command.SetAction((result, cancellationToken) =>
            new KillScenario(options.Read(result), Console.Out).RunAsync(cancellationToken));
        return command;
    }
}
