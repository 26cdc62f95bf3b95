using System.Globalization;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Kv;

/// <summary>
/// What <c>kv</c> prints: per pipeline depth one row for each server, medians of the rounds and ratios of medians.
/// </summary>
internal sealed class KvReport(KvSettings settings, TextWriter output, CsvFile? csv)
{
    private readonly Dictionary<(string Server, int Pipeline), List<LoadResult>> _results = [];

    public static CsvFile OpenCsv(string path) => new(
        path, "scenario", "server", "version", "pipeline", "round", "connections", "keys", "value_bytes", "ratio",
        "distribution", "cpu", "rate", "operations", "seconds", "operations_per_s", "p50_us", "p99_us", "server_cpu_us_per_op",
        "server_cores", "load_cpu_us_per_op", "load_cores");

    public void PrintSetup(IEnumerable<RunningPeer> servers)
    {
        PeerSettings peers = settings.PeerSettings;
        string threads = peers.Threads is { } count ? $"{count} network thread(s)" : "default threads";
        string pinning = peers.Cpu is { } cpu ? $"servers on core {cpu}, load off it" : "nothing pinned";
        output.WriteLine(string.Join(", ", servers.Select(server => $"{server.Name} {server.Version}")));
        output.WriteLine(
            $"{settings.Keys} keys of {KvScenario.KeyLengthBytes} B, {settings.ValueBytes} B values, "
            + $"gets:sets {settings.Ratio}, {settings.Distribution}, {settings.Connections} connections, "
            + $"{(settings.Rate is { } rate ? $"{rate} operations/s, " : "")}{settings.Rounds} round(s) of {settings.Duration.TotalSeconds} s");
        output.WriteLine(settings.Server is null
            ? $"{threads} a server, {pinning}"
            : $"server as it runs at {settings.Server}; others: {threads}, {pinning}");
    }

    public void Add(RunningPeer server, int pipeline, int round, LoadResult result)
    {
        if (!_results.TryGetValue((server.Name, pipeline), out List<LoadResult>? results))
        {
            _results.Add((server.Name, pipeline), results = []);
        }

        results.Add(result);
        csv?.Add(
            "kv", server.Name, server.Version, pipeline, round, settings.Connections, settings.Keys,
            settings.ValueBytes, settings.Ratio, settings.Distribution, (object?)settings.PeerSettings.Cpu ?? "",
            (object?)settings.Rate ?? "",
            result.Operations, result.Elapsed.TotalSeconds, result.OperationsPerSecond,
            result.Local.P50, result.Local.P99, result.ServerCpuMicroseconds, result.ServerCores,
            result.LoadCpuMicroseconds, result.LoadCores);
    }

    public void PrintTable(IEnumerable<RunningPeer> servers, int pipeline)
    {
        var table = new TextTable(
            "server", "kop/s (min-max)", "p50 us", "p99 us", "CPU us/op (min-max)", "cores", "load us/op", "load cores",
            "kop/s: x memcached", "x redis", "CPU: x memcached", "x redis");
        foreach (RunningPeer server in servers)
        {
            table.Add(
                server.Name,
                Of(server.Name, pipeline, result => result.OperationsPerSecond / 1000).ToString("0"),
                Median(server.Name, pipeline, result => result.Local.P50, "0"),
                Median(server.Name, pipeline, result => result.Local.P99, "0"),
                Of(server.Name, pipeline, result => result.ServerCpuMicroseconds).ToString("0.00"),
                Median(server.Name, pipeline, result => result.ServerCores, "0.00"),
                Median(server.Name, pipeline, result => result.LoadCpuMicroseconds, "0.00"),
                Median(server.Name, pipeline, result => result.LoadCores, "0.00"),
                Ratio(server.Name, "memcached", pipeline, result => result.OperationsPerSecond),
                Ratio(server.Name, "redis", pipeline, result => result.OperationsPerSecond),
                Ratio(server.Name, "memcached", pipeline, result => result.ServerCpuMicroseconds),
                Ratio(server.Name, "redis", pipeline, result => result.ServerCpuMicroseconds));
        }

        output.WriteLine();
        output.WriteLine($"pipeline {pipeline}");
        table.Print(output);
    }

    private Spread Of(string server, int pipeline, Func<LoadResult, double> figure) =>
        Spread.Of(_results.GetValueOrDefault((server, pipeline), []).Select(figure));

    private string Median(string server, int pipeline, Func<LoadResult, double> figure, string format) =>
        Number(Of(server, pipeline, figure).Median, format);

    private string Ratio(string server, string baseline, int pipeline, Func<LoadResult, double> figure) =>
        Number(Of(server, pipeline, figure).Median / Of(baseline, pipeline, figure).Median, "0.00");

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
