using System.Globalization;
using System.Net.Sockets;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Memory;

/// <summary>
/// Fills one server after the other, and reads what is resident of its processes now and then. What an entry takes is the
/// slope between the first reading and the last: a runtime, a program and tables of a fixed size drop out.
/// </summary>
/// <remarks>After the last fill random keys are read for a second: an entry that was evicted ends the server's run.</remarks>
internal sealed class MemoryScenario(MemorySettings settings, TextWriter output)
{
    // Memory that was freed while the fill was answered is given back meanwhile.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    /// <returns>The exit code: 0 if every server that was started was measured.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        using CsvFile? csv = settings.Csv is { } file ? OpenCsv(file.FullName) : null;
        bool hasFailed = false;
        foreach (EntryShape shape in settings.Shapes)
        {
            var table = new TextTable(
                ["server", .. settings.Entries.Select(static count => $"{Text(count)} entries, MiB"), "B/entry between them"]);
            var plot = new MemoryPlot(shape);
            foreach (string peer in settings.Peers)
            {
                List<RunningPeer> servers =
                    await PeerCatalog.StartAsync([peer], settings.PeerSettings, output, cancellationToken);
                try
                {
                    foreach (RunningPeer server in servers)
                    {
                        table.Add(await MeasureAsync(server, shape, plot, csv, cancellationToken));
                    }
                }
                catch (Exception error) when (error is LoadException or IOException or SocketException)
                {
                    output.WriteLine($"{peer}: failed and is left out. {error.Message}");
                    hasFailed = true;
                }
                finally
                {
                    await PeerCatalog.StopAsync(servers);
                }
            }

            output.WriteLine();
            output.WriteLine($"keys of {shape.KeyBytes} B, values of {shape.ValueBytes} B");
            table.Print(output);
            if (settings.Plots is { } folder)
            {
                plot.Save(folder.FullName);
            }
        }

        return hasFailed ? 1 : 0;
    }

    private static CsvFile OpenCsv(string path) => new(
        path, "scenario", "server", "version", "key_bytes", "value_bytes", "entries", "resident_bytes", "bytes_per_entry_since_first");

    private static string Text(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    /// <returns>A row of the table.</returns>
    private async Task<string[]> MeasureAsync(
        RunningPeer server, EntryShape shape, MemoryPlot plot, CsvFile? csv, CancellationToken cancellationToken)
    {
        List<string> cells = [server.Name];
        long firstBytes = 0;
        double slope = double.NaN;
        int filled = 0;
        foreach (int count in settings.Entries)
        {
            await FillAsync(server, shape, filled, count, cancellationToken);
            await Task.Delay(Rest, cancellationToken);
            long bytes = ProcessTree.Read([server.ProcessId!.Value]).MemoryBytes;
            slope = filled == 0 ? double.NaN : (bytes - firstBytes) / (double)(count - settings.Entries[0]);
            firstBytes = filled == 0 ? bytes : firstBytes;
            filled = count;
            cells.Add(Text(bytes >> 20));
            csv?.Add("memory", server.Name, server.Version, shape.KeyBytes, shape.ValueBytes, count, bytes, slope);
        }

        await CheckAsync(server, shape, filled, cancellationToken);
        plot.Add(server.Name, slope);
        cells.Add(slope.ToString("0.0", CultureInfo.InvariantCulture));
        return [.. cells];
    }

    private static async Task FillAsync(
        RunningPeer server, EntryShape shape, int first, int count, CancellationToken cancellationToken)
    {
        var keys = new KeySpace(count, shape.KeyBytes, shape.ValueBytes);
        await StoreFiller.FillAsync(server.EndPoint, ProtocolOf(server, keys), keys, first, cancellationToken);
    }

    private static async Task CheckAsync(
        RunningPeer server, EntryShape shape, int count, CancellationToken cancellationToken)
    {
        const int Pipeline = 64;
        var keys = new KeySpace(count, shape.KeyBytes, shape.ValueBytes);
        var stream = new RequestStream(
            ProtocolOf(server, keys),
            keys,
            new KeyPicker(KeyDistribution.Uniform, count, new Random(3)),
            new GetSetRatio(1, 0),
            minOperations: Pipeline * 4);
        var load = new LoadSettings
        {
            Connections = 1,
            Pipeline = Pipeline,
            Threads = 1,
            Warmup = TimeSpan.FromMilliseconds(100),
            Duration = TimeSpan.FromSeconds(1),
            FirstOperation = 0,
        };
        await LoadGenerator.RunAsync(LoadTarget.Of(server.EndPoint, server.ProcessId), stream, load, cancellationToken);
    }

    private static WireProtocol ProtocolOf(RunningPeer server, KeySpace keys) =>
        server.Protocol == PeerProtocol.Memcached ? WireProtocol.Memcached(keys) : WireProtocol.Resp(keys);
}
