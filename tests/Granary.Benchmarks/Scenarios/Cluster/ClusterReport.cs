using System.Globalization;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>
/// What <c>cluster</c> and <c>cluster replicas</c> print: per thing measured one row for each cluster, medians of the
/// rounds. A ratio is that of a round's two results, and its median and range those of the rounds.
/// </summary>
internal sealed class ClusterReport(ClusterSettings settings, TextWriter output, CsvFile? csv)
{
    private readonly Dictionary<(string Title, string Cluster), List<ClusterResult>> _results = [];

    public static CsvFile OpenCsv(string path) => new(
        path, "scenario", "version", "measured", "cluster", "round", "keys", "value_bytes", "operations", "seconds",
        "operations_per_s", "server_cpu_us_per_op", "server_cores", "local_p50_us", "local_p99_us", "forwarded_p50_us",
        "forwarded_p99_us", "busiest_silo", "copied");

    public void PrintSetup(IReadOnlyList<GranaryCluster> clusters)
    {
        PeerSettings silos = settings.PeerSettings;
        string threads = silos.Threads is { } count ? $"{count} network thread(s)" : "default threads";
        string pinning = silos.Cpu is { } cpu ? $"silos on core {cpu}" : "nothing pinned";
        output.WriteLine(
            $"granary {clusters[0].Version}: {string.Join(", ", clusters.Select(cluster => cluster.Name))}; "
            + $"{threads} a silo, {pinning}");
        output.WriteLine(
            $"{settings.Keys} keys of 16 B, {settings.ValueBytes} B values, {settings.Distribution}, {settings.Rounds} round(s) of "
            + $"{settings.Duration.TotalSeconds} s; memcached port: {settings.Connections} connections, gets:sets "
            + $"{settings.Ratio}; server CPU is that of all silos");
    }

    public void Add(string title, GranaryCluster cluster, int round, ClusterResult result)
    {
        if (!_results.TryGetValue((title, cluster.Name), out List<ClusterResult>? results))
        {
            _results.Add((title, cluster.Name), results = []);
        }

        results.Add(result);
        csv?.Add(
            "cluster", cluster.Version, title.Replace(',', ';'), cluster.Name, round, settings.Keys,
            settings.ValueBytes, result.Operations, result.Elapsed.TotalSeconds, result.OperationsPerSecond,
            result.ServerCpuMicroseconds, result.ServerCores, result.Local.P50, result.Local.P99, result.Forwarded.P50,
            result.Forwarded.P99, result.BusiestPart, result.CopiedPart);
    }

    public void PrintTable(string title, IReadOnlyList<GranaryCluster> clusters)
    {
        string baseline = clusters[0].Name;
        var table = new TextTable(
            "cluster", "kop/s (min-max)", "CPU us/op (min-max)", "cores", "busiest silo", "copied", "local p50 us", "p99 us", "forwarded p50 us",
            "p99 us", $"kop/s: x {baseline} (min-max)", $"CPU: x {baseline} (min-max)");
        foreach (GranaryCluster cluster in clusters)
        {
            List<ClusterResult> results = _results[(title, cluster.Name)];
            List<ClusterResult> baselines = _results[(title, baseline)];
            table.Add(
                cluster.Name,
                Spread.Of(results.Select(result => result.OperationsPerSecond / 1000)).ToString("0"),
                Spread.Of(results.Select(result => result.ServerCpuMicroseconds)).ToString("0.00"),
                Median(results, result => result.ServerCores, "0.00"),
                Median(results, result => result.BusiestPart, "0 %"),
                Median(results, result => result.CopiedPart, "0 %"),
                Median(results, result => result.Local.P50, "0"),
                Median(results, result => result.Local.P99, "0"),
                Median(results, result => result.Forwarded.P50, "0"),
                Median(results, result => result.Forwarded.P99, "0"),
                Ratio(results, baselines, result => result.OperationsPerSecond),
                Ratio(results, baselines, result => result.ServerCpuMicroseconds));
        }

        output.WriteLine();
        output.WriteLine(title);
        table.Print(output);
    }

    private static string Median(List<ClusterResult> results, Func<ClusterResult, double> figure, string format)
    {
        double median = Spread.Of(results.Select(figure)).Median;
        return double.IsNaN(median) ? "-" : median.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Ratio(
        List<ClusterResult> results, List<ClusterResult> baselines, Func<ClusterResult, double> figure) =>
        Spread.Of(results.Zip(baselines, (result, baseline) => figure(result) / figure(baseline))).ToString("0.00");
}
