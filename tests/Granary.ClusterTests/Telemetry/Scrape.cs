using System.Globalization;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Telemetry;

/// <summary>What a silo answers to Prometheus.</summary>
internal sealed class Scrape
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    private Scrape(string text)
    {
        foreach (string line in text.Split('\n').Where(static line => line.Length > 0 && line[0] != '#'))
        {
            int end = line.LastIndexOf(' ');
            _samples[WithoutScope(line[..end])] = double.Parse(line[(end + 1)..], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The names of all series, without labels.</summary>
    public IReadOnlySet<string> Names =>
        _samples.Keys.Select(static series => series.Split('{')[0]).ToHashSet(StringComparer.Ordinal);

    /// <summary>A series by its name and labels, as in <c>granary_silos{state="active"}</c>.</summary>
    public double this[string series] => _samples.TryGetValue(series, out double value)
        ? value
        : throw new KeyNotFoundException($"There is no {series} among:\n{string.Join('\n', _samples.Keys)}");

    public bool Has(string series) => _samples.ContainsKey(series);

    public static async Task<Scrape> OfAsync(SiloProcess silo, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        return new Scrape(await http.GetStringAsync($"http://{silo.Address}:{silo.Ports.Http}/metrics", cancellationToken));
    }

    // Which meter it is of.
    private static string WithoutScope(string series)
    {
        int begin = series.IndexOf('{', StringComparison.Ordinal);
        if (begin < 0)
        {
            return series;
        }

        IEnumerable<string> labels = series[(begin + 1)..^1]
            .Split(',')
            .Where(static label => !label.StartsWith("otel_scope_", StringComparison.Ordinal));
        string left = string.Join(',', labels);
        return left.Length == 0 ? series[..begin] : $"{series[..begin]}{{{left}}}";
    }
}
