using System.CommandLine;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Scenarios.Clients;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>The command line of <c>cluster</c>.</summary>
internal sealed class ClusterCommand
{
    private const string Port = "memcached";
    private const string Client = "client";

    private readonly Command _command = new(
        "cluster", "One silo of Granary beside several, through the memcached port and the .NET client.");

    private readonly CommonOptions _common;
    private readonly Option<int[]> _silos =
        CommonOptions.Counts("--silos", "Silos of each cluster, with commas between; the first is the measure.", "1,3");

    private readonly Option<string[]> _ways =
        CommonOptions.List("--ways", $"Ways in that are measured: {Port}, {Client}.", $"{Port},{Client}");

    private readonly Option<int[]> _pipelines =
        CommonOptions.Counts("--pipelines", "Requests in flight per connection, with commas between.", "1,16");

    private readonly Option<int> _connections =
        CommonOptions.Count("--conns", "Connections to the memcached ports of a cluster, together.", 50);

    private readonly Option<int> _loadThreads =
        CommonOptions.Count("--load-threads", "Threads of the load generator.", 1);

    private readonly Option<int[]> _callers =
        CommonOptions.Counts("--callers", "Callers of single-key gets and sets, with commas between.", "64,256");

    private readonly Option<int[]> _batchCallers =
        CommonOptions.Counts("--batch-callers", "Callers of batches of 64 keys, with commas between.", "16");

    private ClusterCommand()
    {
        _common = new CommonOptions(
            _command, peers: null, keys: 1_000_000, seconds: 3, rounds: 5, serverThreads: null);
        ((List<Option>)[_silos, _ways, _pipelines, _connections, _loadThreads, _callers, _batchCallers])
            .ForEach(_command.Options.Add);
        _silos.Validators.Add(result => CommonOptions.Reject(
            result, "--silos", result.GetValueOrDefault<int[]>()?.Max() > byte.MaxValue, "must be at most 255 each"));
        _ways.Validators.Add(result => CommonOptions.Reject(
            result,
            "--ways",
            result.GetValueOrDefault<string[]>()?.Except([Port, Client], StringComparer.Ordinal).Any() == true,
            $"must be {Port}, {Client} or both"));
        _command.SetAction((result, cancellationToken) =>
            new ClusterScenario(Read(result), Console.Out).RunAsync(cancellationToken));
    }

    public static Command Create() => new ClusterCommand()._command;

    private ClusterSettings Read(ParseResult result)
    {
        string[] ways = result.GetValue(_ways)!;
        return new ClusterSettings
        {
            Silos = result.GetValue(_silos)!,
            PeerSettings = _common.PeerSettings(result),
            Pipelines = ways.Contains(Port) ? result.GetValue(_pipelines)! : [],
            Workloads = ways.Contains(Client)
                ? Workload.All(result.GetValue(_callers)!, result.GetValue(_batchCallers)!, keysPerBatch: 64)
                : [],
            Connections = result.GetValue(_connections),
            LoadThreads = Math.Min(result.GetValue(_loadThreads), result.GetValue(_connections)),
            Ratio = new GetSetRatio(10, 1),
            Keys = result.GetValue(_common.Keys),
            ValueBytes = result.GetValue(_common.ValueBytes),
            Warmup = TimeSpan.FromSeconds(result.GetValue(_common.WarmupSeconds)),
            Duration = TimeSpan.FromSeconds(result.GetValue(_common.Seconds)),
            Rounds = result.GetValue(_common.Rounds),
            Csv = result.GetValue(_common.Csv),
        };
    }
}
