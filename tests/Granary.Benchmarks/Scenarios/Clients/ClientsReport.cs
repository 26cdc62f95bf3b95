using System.Globalization;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>
/// What <c>client</c> prints: per workload one row for each server, medians of the rounds and ratios of medians.
/// </summary>
internal sealed class ClientsReport(ClientsSettings settings, TextWriter output, CsvFile? csv)
{
    private const string Baseline = "redis";

    private readonly Dictionary<(string Server, Workload Workload), List<ClientResult>> _results = [];

    public static CsvFile OpenCsv(string path) => new(
        path, "scenario", "api", "server", "version", "workload", "callers", "keys_per_call", "round", "keys", "value_bytes",
        "cpu", "operations", "seconds", "operations_per_s", "call_p50_us", "call_p99_us", "client_cpu_us_per_op",
        "server_cpu_us_per_op", "client_allocated_bytes_per_op");

    public void PrintSetup(IEnumerable<RunningPeer> servers)
    {
        string pinning = settings.PeerSettings.Cpu is { } cpu ? $"servers on core {cpu}" : "nothing pinned";
        output.WriteLine(string.Join(", ", servers.Select(server => $"{server.Name} {server.Version}")));
        output.WriteLine(
            $"api {settings.Api}, {settings.Keys} keys of 16 B, {settings.ValueBytes} B values, {settings.Rounds} round(s) of "
            + $"{settings.Duration.TotalSeconds} s, {pinning}; an operation is a key, a latency that of a call");
    }

    public void Add(RunningPeer server, Workload workload, int round, ClientResult result)
    {
        if (!_results.TryGetValue((server.Name, workload), out List<ClientResult>? results))
        {
            _results.Add((server.Name, workload), results = []);
        }

        results.Add(result);
        csv?.Add(
            "client", settings.Api, server.Name, server.Version, workload.Kind, workload.Callers, workload.KeysPerCall, round,
            settings.Keys, settings.ValueBytes, (object?)settings.PeerSettings.Cpu ?? "", result.Operations,
            result.Elapsed.TotalSeconds, result.OperationsPerSecond, result.Latency.P50, result.Latency.P99,
            result.ClientCpuMicroseconds, result.ServerCpuMicroseconds, result.AllocatedBytesPerOperation);
    }

    public void PrintTable(IEnumerable<RunningPeer> servers, Workload workload)
    {
        var table = new TextTable(
            "server", "kop/s (min-max)", "p50 us", "p99 us", "client CPU us/op (min-max)", "server CPU us/op (min-max)",
            "allocated B/op", "kop/s: x redis", "client CPU: x redis", "server CPU: x redis");
        foreach (RunningPeer server in servers)
        {
            table.Add(
                server.Name,
                Of(server.Name, workload, result => result.OperationsPerSecond / 1000).ToString("0.0"),
                Median(server.Name, workload, result => result.Latency.P50),
                Median(server.Name, workload, result => result.Latency.P99),
                Of(server.Name, workload, result => result.ClientCpuMicroseconds).ToString("0.00"),
                Of(server.Name, workload, result => result.ServerCpuMicroseconds).ToString("0.00"),
                Median(server.Name, workload, result => result.AllocatedBytesPerOperation),
                Ratio(server.Name, workload, result => result.OperationsPerSecond),
                Ratio(server.Name, workload, result => result.ClientCpuMicroseconds),
                Ratio(server.Name, workload, result => result.ServerCpuMicroseconds));
        }

        output.WriteLine();
        output.WriteLine(workload);
        table.Print(output);
    }

    private Spread Of(string server, Workload workload, Func<ClientResult, double> figure) =>
        Spread.Of(_results.GetValueOrDefault((server, workload), []).Select(figure));

    private string Median(string server, Workload workload, Func<ClientResult, double> figure) =>
        Of(server, workload, figure).Median.ToString("0", CultureInfo.InvariantCulture);

    private string Ratio(string server, Workload workload, Func<ClientResult, double> figure)
    {
        double ratio = Of(server, workload, figure).Median / Of(Baseline, workload, figure).Median;
        return double.IsNaN(ratio) ? "-" : ratio.ToString("0.00", CultureInfo.InvariantCulture);
    }
}
