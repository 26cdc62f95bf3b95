using System.Text.Json;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.WebConsole;

/// <summary>What a script in <c>Browser</c> measured.</summary>
/// <param name="Browser">Its version.</param>
/// <param name="Rows">In the order of the script.</param>
/// <param name="Errors">Of the page, or of what was told to it. With one, the figures count for nothing.</param>
internal sealed record BrowserRun(string Browser, IReadOnlyList<BrowserRun.Row> Rows, IReadOnlyList<string> Errors)
{
    private const string ResultFile = "result.json";

    /// <summary>Runs a script with node.</summary>
    /// <param name="script">Its name.</param>
    /// <param name="packages">Where playwright-core is.</param>
    /// <param name="arguments">What it takes beside the packages, the browser, and the file for its result.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PeerException">It failed.</exception>
    public static async Task<BrowserRun> RunAsync(
        string script, DirectoryInfo packages, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Scenarios", "WebConsole", "Browser", script);
        string chromium = Executable.Find("chromium") ?? throw new PeerException("chromium is not on this machine.");
        string[] line = [path, packages.FullName, chromium, ResultFile, .. arguments];
        await using ServerProcess node = ServerProcess.Start("node", line, cpu: null);
        await node.WaitForSuccessAsync(cancellationToken);
        string result = await File.ReadAllTextAsync(Path.Combine(node.Directory, ResultFile), cancellationToken);
        return JsonSerializer.Deserialize(result, BrowserRunJson.Default.BrowserRun)!;
    }

    /// <summary>Figures by name.</summary>
    /// <param name="Subject">What was measured.</param>
    /// <param name="Figures">A figure that the browser did not tell is <see langword="null"/>.</param>
    internal sealed record Row(string Subject, IReadOnlyDictionary<string, double?> Figures)
    {
        public IEnumerable<Figure> AsFigures() =>
            Figures.Select(figure => new Figure(figure.Key, figure.Value ?? double.NaN));
    }
}
