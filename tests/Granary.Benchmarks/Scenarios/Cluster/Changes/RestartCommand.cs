using System.CommandLine;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>The command line of <c>cluster restart</c>.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        var command = new Command("restart", "A rolling restart of three silos under load; nothing may be lost.");
        var options = new ChangeOptions(command, fill: 1024, valueBytes: 1000, rounds: 3);
        Option<int> rate = CommonOptions.Count("--rate", "Operations a second meanwhile.", 2000);
        command.Options.Add(rate);
        command.SetAction((result, cancellationToken) =>
            new RestartScenario(options.Read(result), result.GetValue(rate), Console.Out).RunAsync(cancellationToken));
        return command;
    }
}
