using System.Net.Sockets;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Kv;

/// <summary>Single-key gets and sets over sockets: one load, one set of keys, all servers in turn.</summary>
/// <remarks>
/// A round measures every server once, so that a slow minute of the machine meets all of them; the median of the rounds
/// is compared. A server that once answers wrongly is out of the run, and the exit code says so.
/// </remarks>
internal sealed class KvScenario(KvSettings settings, TextWriter output)
{
    public const int KeyLengthBytes = 16;

    private readonly KeySpace _keys = new(settings.Keys, KeyLengthBytes, settings.ValueBytes);
    private readonly Dictionary<PeerProtocol, RequestStream> _streams = [];
    private bool _hasFailed;

    /// <returns>The exit code: 0 if every server that was started was measured in every round.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        List<RunningPeer> servers = await StartAsync(cancellationToken);
        try
        {
            using CsvFile? csv = settings.Csv is { } file ? KvReport.OpenCsv(file.FullName) : null;
            var report = new KvReport(settings, output, csv);
            report.PrintSetup(servers);
            await ForEachAsync(servers, server => FillAsync(server, cancellationToken));
            foreach (int pipeline in settings.Pipelines)
            {
                await MeasureAsync(servers, pipeline, report, cancellationToken);
                if (servers.Count > 0)
                {
                    report.PrintTable(servers, pipeline);
                }
            }

            return _hasFailed || servers.Count == 0 ? 1 : 0;
        }
        finally
        {
            await PeerCatalog.StopAsync(servers);
        }
    }

    private async Task<List<RunningPeer>> StartAsync(CancellationToken cancellationToken)
    {
        List<RunningPeer> servers =
            await PeerCatalog.StartAsync(settings.Peers, settings.PeerSettings, output, cancellationToken);
        if (settings.Server is { } endPoint)
        {
            string? version =
                await ServerProbe.TryGetVersionAsync(endPoint, settings.ServerProtocol, cancellationToken);
            if (version is null)
            {
                output.WriteLine($"server: skipped, it does not answer on {endPoint}.");
                _hasFailed = true;
            }
            else
            {
                servers.Insert(0, new RunningPeer("server", settings.ServerProtocol, endPoint, version, process: null)
                {
                    ProcessId = settings.ServerProcessId,
                });
            }
        }

        return servers;
    }

    private Task FillAsync(RunningPeer server, CancellationToken cancellationToken) =>
        StoreFiller.FillAsync(server.EndPoint, Protocol(server.Protocol), _keys, cancellationToken);

    private async Task MeasureAsync(
        List<RunningPeer> servers, int pipeline, KvReport report, CancellationToken cancellationToken)
    {
        // Every round walks another part of the stream, the same one for every server.
        var random = new Random(pipeline);
        for (int round = 1; round <= settings.Rounds; round++)
        {
            int first = random.Next();
            await ForEachAsync(servers, async server =>
            {
                var load = new LoadSettings
                {
                    Connections = settings.Connections,
                    Pipeline = pipeline,
                    Threads = settings.LoadThreads,
                    Rate = settings.Rate,
                    Warmup = settings.Warmup,
                    Duration = settings.Duration,
                    FirstOperation = first,
                    ServerCpu = settings.PeerSettings.Cpu,
                };
                RequestStream stream = Stream(server.Protocol);
                report.Add(server, pipeline, round, await LoadGenerator.RunAsync(
                    LoadTarget.Of(server.EndPoint, server.ProcessId), stream, load, cancellationToken));
            });
        }
    }

    /// <summary>Does one thing with each server in turn and drops those that fail.</summary>
    private async Task ForEachAsync(List<RunningPeer> servers, Func<RunningPeer, Task> action)
    {
        foreach (RunningPeer server in servers.ToArray())
        {
            try
            {
                await action(server);
            }
            catch (Exception error) when (error is LoadException or IOException or SocketException)
            {
                output.WriteLine($"{server.Name}: failed and is left out from here on. {error.Message}");
                _hasFailed = true;
                servers.Remove(server);
                await server.DisposeAsync();
            }
        }
    }

    private WireProtocol Protocol(PeerProtocol protocol) =>
        protocol == PeerProtocol.Memcached ? WireProtocol.Memcached(_keys) : WireProtocol.Resp(_keys);

    private RequestStream Stream(PeerProtocol protocol)
    {
        if (!_streams.TryGetValue(protocol, out RequestStream? stream))
        {
            // The same seed for both protocols: the same keys in the same order.
            var picker = new KeyPicker(settings.Distribution, settings.Keys, new Random(3));
            stream = new RequestStream(
                Protocol(protocol), _keys, picker, settings.Ratio, minOperations: settings.Pipelines.Max() * 4);
            _streams.Add(protocol, stream);
        }

        return stream;
    }
}
