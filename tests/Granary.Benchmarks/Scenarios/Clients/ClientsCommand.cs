using System.CommandLine;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>The command line of <c>client</c>.</summary>
internal sealed class ClientsCommand
{
    private readonly Command _command = new(
        "client", "The .NET clients: Granary's, and StackExchange.Redis on redis and Garnet; also below .NET's caches.");

    private readonly CommonOptions _common;
    private readonly Option<CacheApi> _api = new("--api")
    {
        Description = "What is called: each library's own, .NET's IDistributedCache, or HybridCache over that.",
        DefaultValueFactory = _ => CacheApi.Own,
    };

    private readonly Option<int[]> _callers =
        CommonOptions.Counts("--callers", "Callers of single-key gets and sets, with commas between.", "1,64,256");

    private readonly Option<int[]> _batchCallers =
        CommonOptions.Counts("--batch-callers", "Callers of batches, with commas between.", "1,16");

    private readonly Option<int> _batch = CommonOptions.Count("--batch", "Keys in a batch.", 64);

    private ClientsCommand()
    {
        _common = new CommonOptions(
            _command, "granary,redis,garnet", keys: 100_000, seconds: 3, rounds: 3, serverThreads: null);
        ((List<Option>)[_api, _callers, _batchCallers, _batch]).ForEach(_command.Options.Add);
        _command.SetAction((result, cancellationToken) =>
            new ClientsScenario(Read(result), Console.Out).RunAsync(cancellationToken));
    }

    public static Command Create() => new ClientsCommand()._command;

    private ClientsSettings Read(ParseResult result) => new()
    {
        Api = result.GetValue(_api),
        Peers = result.GetValue(_common.Peers)!,
        PeerSettings = _common.PeerSettings(result),
        Workloads = Workload.All(
            result.GetValue(_callers)!,
            result.GetValue(_api) == CacheApi.Own ? result.GetValue(_batchCallers)! : [], // .NET's caches have no batches
            result.GetValue(_batch)),
        Keys = result.GetValue(_common.Keys),
        ValueBytes = result.GetValue(_common.ValueBytes),
        Warmup = TimeSpan.FromSeconds(result.GetValue(_common.WarmupSeconds)),
        Duration = TimeSpan.FromSeconds(result.GetValue(_common.Seconds)),
        Rounds = result.GetValue(_common.Rounds),
        Csv = result.GetValue(_common.Csv),
    };
}
