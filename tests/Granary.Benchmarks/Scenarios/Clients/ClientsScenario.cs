using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>The .NET client libraries side by side, in this process, each with its own server.</summary>
/// <remarks>
/// As in <c>kv</c>, a round measures every library once. All libraries stay connected: they share this process's thread
/// pool and heap, as they would in an application, and only one is called at a time.
/// </remarks>
internal sealed class ClientsScenario(ClientsSettings settings, TextWriter output)
{
    /// <returns>The exit code: 0 if every library was measured in every round.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        foreach (string name in settings.Peers.Except(CacheClients.ServerNames, StringComparer.Ordinal))
        {
            output.WriteLine($"{name}: skipped, there is no .NET client for it here.");
        }

        IEnumerable<string> names = settings.Peers.Intersect(CacheClients.ServerNames, StringComparer.Ordinal);
        List<RunningPeer> servers =
            await PeerCatalog.StartAsync(names, settings.PeerSettings, output, cancellationToken);
        var caches = new List<(RunningPeer Server, ICacheUnderTest Cache)>();
        try
        {
            foreach (RunningPeer server in servers)
            {
                caches.Add((server, await CacheClients.ConnectAsync(server, settings.Api)));
            }

            await MeasureAsync(caches, cancellationToken);
            return caches.Count == 0 ? 1 : 0;
        }
        catch (LoadException error)
        {
            output.WriteLine($"The run does not count. {error.Message}");
            return 1;
        }
        finally
        {
            foreach ((_, ICacheUnderTest cache) in caches)
            {
                await cache.DisposeAsync();
            }

            await PeerCatalog.StopAsync(servers);
        }
    }

    private async Task MeasureAsync(
        List<(RunningPeer Server, ICacheUnderTest Cache)> caches, CancellationToken cancellationToken)
    {
        using CsvFile? csv = settings.Csv is { } file ? ClientsReport.OpenCsv(file.FullName) : null;
        var report = new ClientsReport(settings, output, csv);
        report.PrintSetup(caches.Select(cache => cache.Server));

        var data = new ClientData(settings.Keys, settings.ValueBytes);
        foreach ((_, ICacheUnderTest cache) in caches)
        {
            await ClientLoad.FillAsync(cache, data, cancellationToken);
        }

        foreach (Workload workload in settings.Workloads)
        {
            for (int round = 1; round <= settings.Rounds; round++)
            {
                foreach ((RunningPeer server, ICacheUnderTest cache) in caches)
                {
                    report.Add(server, workload, round, await ClientLoad.RunAsync(
                        cache, data, workload, settings.Warmup, settings.Duration, [server.ProcessId!.Value],
                        cancellationToken));
                }
            }

            report.PrintTable(caches.Select(cache => cache.Server), workload);
        }
    }
}
