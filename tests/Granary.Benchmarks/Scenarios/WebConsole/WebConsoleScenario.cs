using System.Globalization;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.WebConsole;

/// <summary>
/// The page of a silo in a browser. The first load is that of the silo, with what it says; then the same page is told
/// of a cluster of 16 silos, 256 shards and 200 queues that a script makes up, and stays on each of its pages.
/// </summary>
internal sealed class WebConsoleScenario(WebConsoleSettings settings, TextWriter output)
{
    private readonly FigureTable _loads = new("first load, empty cache");
    private readonly FigureTable _pages = new("page, 16 silos, 256 shards, 200 queues");
    private bool _hasFailed;

    /// <returns>The exit code: 0 if no page had an error.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        try
        {
            for (int round = 1; round <= settings.Rounds; round++)
            {
                await MeasureAsync(round, cancellationToken);
            }
        }
        catch (PeerException error)
        {
            output.WriteLine(error.Message);
            _hasFailed = true;
        }

        foreach (FigureTable table in (FigureTable[])[_loads, _pages])
        {
            output.WriteLine();
            table.Print(output);
        }

        return _hasFailed ? 1 : 0;
    }

    private async Task MeasureAsync(int round, CancellationToken cancellationToken)
    {
        var silo = new GranarySilo();
        await using RunningPeer running = await silo.StartAsync(
            new PeerSettings { MemoryMebibytes = 64 }, cancellationToken);
        string address = $"http://{running.Http}/";
        BrowserRun loads = await RunAsync("load.mjs", [address], cancellationToken);
        await SendAsync(silo, running, cancellationToken);
        BrowserRun pages = await RunAsync("pages.mjs", [address, Seconds(settings.TimeOnPage)], cancellationToken);
        output.WriteLine($"round {round}, granary {running.Version}, Chromium {pages.Browser}");
        Add(_loads, loads);
        Add(_pages, pages);
    }

    private Task<BrowserRun> RunAsync(string script, string[] arguments, CancellationToken cancellationToken) =>
        BrowserRun.RunAsync(script, settings.Packages, arguments, cancellationToken);

    // A queue, so that the script can compare what it makes up with what a silo says of one.
    private static async Task SendAsync(GranarySilo silo, RunningPeer running, CancellationToken cancellationToken)
    {
        string[] line =
            [silo.Assembly, "queue", "send", "orders", "{}", "--subject", "order", "--connect", $"{running.Gateway}"];
        await using ServerProcess command = ServerProcess.Start("dotnet", line, cpu: null);
        await command.WaitForSuccessAsync(cancellationToken);
    }

    private void Add(FigureTable table, BrowserRun run)
    {
        foreach (string error in run.Errors)
        {
            output.WriteLine(error);
            _hasFailed = true;
        }

        foreach (BrowserRun.Row row in run.Rows)
        {
            table.Add(row.Subject, row.AsFigures());
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
