using System.CommandLine;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Clients;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>Options of a load on several clusters: the common ones, and the ways in.</summary>
internal sealed class ClusterLoadOptions
{
    private const string Port = "memcached";
    private const string Client = "client";

    private readonly CommonOptions _common;
    private readonly Option<string[]> _ways =
        CommonOptions.List("--ways", $"Ways in that are measured: {Port}, {Client}.", $"{Port},{Client}");

    private readonly Option<int[]> _pipelines =
        CommonOptions.Counts("--pipelines", "Requests in flight per connection, with commas between.", "1,16");

    private readonly Option<int> _connections =
        CommonOptions.Count("--conns", "Connections to the memcached ports of a cluster, together.", 50);

    private readonly Option<int> _loadThreads =
        CommonOptions.Count("--load-threads", "Threads of the load generator.", 1);

    private readonly Option<int[]> _callers =
        CommonOptions.Counts("--callers", "Callers of single-key operations, with commas between.", "64,256");

    public ClusterLoadOptions(Command command)
    {
        _common = new CommonOptions(command, peers: null, keys: 1_000_000, seconds: 3, rounds: 5, serverThreads: null);
        ((List<Option>)[_ways, _pipelines, _connections, _loadThreads, _callers]).ForEach(command.Options.Add);
        _ways.Validators.Add(result => CommonOptions.Reject(
            result,
            "--ways",
            result.GetValueOrDefault<string[]>()?.Except([Port, Client], StringComparer.Ordinal).Any() == true,
            $"must be {Port}, {Client} or both"));
    }

    /// <param name="result">Of the command line.</param>
    /// <param name="clusters">That are loaded.</param>
    /// <param name="ratio">At the memcached port.</param>
    /// <param name="workloads">Of the .NET client, by the numbers of callers.</param>
    public ClusterSettings Read(
        ParseResult result, IReadOnlyList<ClusterSetup> clusters, GetSetRatio ratio, Func<int[], Workload[]> workloads)
    {
        string[] ways = result.GetValue(_ways)!;
        return new ClusterSettings
        {
            Clusters = clusters,
            PeerSettings = _common.PeerSettings(result),
            Pipelines = ways.Contains(Port) ? result.GetValue(_pipelines)! : [],
            Workloads = ways.Contains(Client) ? workloads(result.GetValue(_callers)!) : [],
            Connections = result.GetValue(_connections),
            LoadThreads = Math.Min(result.GetValue(_loadThreads), result.GetValue(_connections)),
            Ratio = ratio,
            Keys = result.GetValue(_common.Keys),
            ValueBytes = result.GetValue(_common.ValueBytes),
            Warmup = TimeSpan.FromSeconds(result.GetValue(_common.WarmupSeconds)),
            Duration = TimeSpan.FromSeconds(result.GetValue(_common.Seconds)),
            Rounds = result.GetValue(_common.Rounds),
            Csv = result.GetValue(_common.Csv),
        };
    }
}
