using System.CommandLine;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>The command line of <c>cluster hotkeys</c>: some keys are read much, by a cluster that copies them and one that does not.</summary>
internal static class HotKeysCommand
{
    private static readonly ClusterSetup[] Clusters =
    [
        new("3 silos", 3),
        new("3 silos copies", 3, HasHotCopies: true),
    ];

    public static Command Create()
    {
        var command = new Command("hotkeys", "What it gives that silos keep copies of what is read much elsewhere, at the memcached port.");
        var load = new ClusterLoadOptions(command);
        var distribution = new Option<KeyDistribution>("--distribution")
        {
            Description = "How often each key is asked for: HotKey, Zipf or Uniform.",
            DefaultValueFactory = static _ => KeyDistribution.HotKey,
        };
        Option<int> gets = CommonOptions.Count("--gets", "Gets for each set.", 1000);
        ((List<Option>)[distribution, gets]).ForEach(command.Options.Add);
        command.SetAction((result, cancellationToken) =>
            new ClusterScenario(
                load.Read(result, Clusters, new GetSetRatio(result.GetValue(gets), 1), static _ => []) with
                {
                    Distribution = result.GetValue(distribution),
                },
                Console.Out).RunAsync(cancellationToken));
        return command;
    }
}
