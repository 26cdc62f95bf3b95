using System.CommandLine;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Clients;
using Granary.Benchmarks.Scenarios.Cluster.Changes;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>The command line of <c>cluster</c>.</summary>
internal sealed class ClusterCommand
{
    private readonly Command _command = new(
        "cluster", "One silo of Granary beside several, through the memcached port and the .NET client.");

    private readonly ClusterLoadOptions _load;
    private readonly Option<int[]> _silos =
        CommonOptions.Counts("--silos", "Silos of each cluster, with commas between; the first is the measure.", "1,3");

    private readonly Option<int[]> _batchCallers =
        CommonOptions.Counts("--batch-callers", "Callers of batches of 64 keys, with commas between.", "16");

    private ClusterCommand()
    {
        _load = new ClusterLoadOptions(_command);
        ((List<Option>)[_silos, _batchCallers]).ForEach(_command.Options.Add);
        ((List<Command>)[ReplicasCommand.Create(), HotKeysCommand.Create(), RestartCommand.Create(), KillCommand.Create()])
            .ForEach(_command.Subcommands.Add);
        _silos.Validators.Add(result => CommonOptions.Reject(
            result, "--silos", result.GetValueOrDefault<int[]>()?.Max() > byte.MaxValue, "must be at most 255 each"));
        _command.SetAction((result, cancellationToken) =>
            new ClusterScenario(Read(result), Console.Out).RunAsync(cancellationToken));
    }

    public static Command Create() => new ClusterCommand()._command;

    private ClusterSettings Read(ParseResult result) => _load.Read(
        result,
        [.. result.GetValue(_silos)!.Select(ClusterSetup.OfSize)],
        new GetSetRatio(10, 1),
        callers => Workload.All(callers, result.GetValue(_batchCallers)!, keysPerBatch: 64));
}
