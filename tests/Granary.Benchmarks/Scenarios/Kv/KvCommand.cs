using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Kv;

/// <summary>The command line of <c>kv</c>.</summary>
internal sealed class KvCommand
{
    private const int MaxKeys = 100_000_000; // the key numbers and their zipf weights are held in memory

    private readonly Command _command = new(
        "kv", "Single-key gets and sets over the memcached protocol (Granary, memcached) and RESP (redis, Garnet).");

    private readonly CommonOptions _common;
    private readonly Option<int[]> _pipelines =
        CommonOptions.Counts("--pipelines", "Requests in flight per connection, with commas between.", "1,16,64");

    private readonly Option<int> _connections = CommonOptions.Count("--conns", "Connections to the server.", 50);
    private readonly Option<int> _loadThreads =
        CommonOptions.Count("--load-threads", "Threads of the load generator.", 1);

    private readonly Option<int?> _rate = new("--rate")
    {
        Description = "Operations a second, at a steady pace, late from when they were due. Default: as many as are answered.",
    };

    private readonly Option<GetSetRatio> _ratio = new("--ratio")
    {
        Description = "Gets to sets.",
        DefaultValueFactory = _ => new GetSetRatio(10, 1),
        CustomParser = ParseRatio,
    };

    private readonly Option<KeyDistribution> _distribution = new("--distribution")
    {
        Description = "How often each key is asked for: uniform or zipf (0.99).",
        DefaultValueFactory = _ => KeyDistribution.Uniform,
    };

    private readonly Option<IPEndPoint?> _server = new("--server")
    {
        Description = "ADDRESS:PORT of a running server, to be filled and measured; alone unless --peers is given.",
        CustomParser = ParseServer,
    };

    private readonly Option<PeerProtocol> _protocol = new("--protocol")
    {
        Description = "Its protocol: memcached or resp.",
        DefaultValueFactory = _ => PeerProtocol.Memcached,
    };

    private readonly Option<int?> _processId = new("--pid") { Description = "Its process id, for its processor time." };

    private KvCommand()
    {
        _common = new CommonOptions(
            _command, "granary,memcached,redis,garnet", keys: 1_000_000, seconds: 4, rounds: 5, serverThreads: 1);
        ((List<Option>)[_pipelines, _connections, _loadThreads, _rate, _ratio, _distribution, _server, _protocol, _processId])
            .ForEach(_command.Options.Add);
        _common.Keys.Validators.Add(result => CommonOptions.Reject(
            result, "--keys", result.GetValueOrDefault<int>() > MaxKeys, $"must be at most {MaxKeys}"));
        _rate.Validators.Add(static result => CommonOptions.Reject(
            result, "--rate", result.GetValueOrDefault<int?>() < 1, "must be at least 1"));
        _command.Validators.Add(RejectCpuWithoutAnother);
        _command.SetAction((result, cancellationToken) =>
            new KvScenario(Read(result), Console.Out).RunAsync(cancellationToken));
    }

    public static Command Create() => new KvCommand()._command;

    private KvSettings Read(ParseResult result) => new()
    {
        Peers = result.GetValue(_server) is null || result.GetResult(_common.Peers) is { Implicit: false }
            ? result.GetValue(_common.Peers)!
            : [],
        PeerSettings = _common.PeerSettings(result),
        Server = result.GetValue(_server),
        ServerProtocol = result.GetValue(_protocol),
        ServerProcessId = result.GetValue(_processId),
        Pipelines = result.GetValue(_pipelines)!,
        Connections = result.GetValue(_connections),
        LoadThreads = Math.Min(result.GetValue(_loadThreads), result.GetValue(_connections)),
        Rate = result.GetValue(_rate),
        Keys = result.GetValue(_common.Keys),
        ValueBytes = result.GetValue(_common.ValueBytes),
        Ratio = result.GetValue(_ratio),
        Distribution = result.GetValue(_distribution),
        Warmup = TimeSpan.FromSeconds(result.GetValue(_common.WarmupSeconds)),
        Duration = TimeSpan.FromSeconds(result.GetValue(_common.Seconds)),
        Rounds = result.GetValue(_common.Rounds),
        Csv = result.GetValue(_common.Csv),
    };

    private void RejectCpuWithoutAnother(CommandResult result)
    {
        if (result.GetValue(_common.Cpu) is not null && Environment.ProcessorCount == 1)
        {
            result.AddError("--cpu needs a second core for the load; this machine has one.");
        }
    }

    private static GetSetRatio ParseRatio(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string[] parts = text.Split(':');
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int gets)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int sets)
            && gets + sets is > 0 and <= 1000)
        {
            return new GetSetRatio(gets, sets);
        }

        result.AddError($"--ratio is {text}; it must be GETS:SETS, together 1 to 1000.");
        return default;
    }

    private static IPEndPoint? ParseServer(ArgumentResult result)
    {
        string text = result.Tokens[0].Value.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        if (IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && endPoint.Port > 0)
        {
            return endPoint;
        }

        result.AddError($"--server is {text}; it must be ADDRESS:PORT.");
        return null;
    }
}
