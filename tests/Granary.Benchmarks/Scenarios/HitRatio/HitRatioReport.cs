using System.Globalization;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Scenarios.HitRatio;

/// <summary>The figures of one trace: a row for each policy, a column for each budget; and the same as a plot.</summary>
internal sealed class HitRatioReport(string trace, Sizing sizing, TextWriter output, CsvFile? csv)
{
    private const int PlotWidth = 800;
    private const int PlotHeight = 500;
    private const float LineWidth = 2;

    private readonly OrderedDictionary<string, SortedDictionary<long, double>> _hits = new(StringComparer.Ordinal);
    private readonly SortedSet<long> _budgets = [];
    private int _requests;

    private string Unit => sizing == Sizing.Unit ? "objects" : "MiB";

    public static CsvFile OpenCsv(string path) => new(
        path, "scenario", "trace", "sizing", "requests", "budget", "budget_unit", "policy", "hit_percent");

    public void Add(ReplayCase replay, string policy, double hitPercent)
    {
        long budget = sizing == Sizing.Unit ? replay.Budget : replay.Budget >> 20;
        _budgets.Add(budget);
        _requests = replay.Requests.Length;
        if (!_hits.TryGetValue(policy, out SortedDictionary<long, double>? hits))
        {
            _hits.Add(policy, hits = []);
        }

        hits[budget] = hitPercent;
        csv?.Add("hitratio", trace, sizing, _requests, budget, Unit, policy, hitPercent);
    }

    public void Print()
    {
        output.WriteLine();
        output.WriteLine($"{trace}, {_requests} requests: hits in percent, budgets in {Unit}");
        var table = new TextTable(["policy", .. _budgets.Select(Text)]);
        foreach ((string policy, SortedDictionary<long, double> hits) in _hits)
        {
            table.Add([policy, .. _budgets.Select(budget => hits.TryGetValue(budget, out double hit)
                ? hit.ToString("0.00", CultureInfo.InvariantCulture)
                : "-")]);
        }

        table.Print(output);
    }

    /// <summary>Writes a PNG file that is named for the trace. Budgets double, so their axis is logarithmic.</summary>
    public void Plot(string folder)
    {
        using var plot = new ScottPlot.Plot();
        foreach ((string policy, SortedDictionary<long, double> hits) in _hits)
        {
            ScottPlot.Plottables.Scatter line = plot.Add.Scatter(
                hits.Keys.Select(static budget => Math.Log2(budget)).ToArray(), hits.Values.ToArray());
            line.LegendText = policy;
            line.LineWidth = LineWidth;
        }

        plot.Axes.Bottom.SetTicks(_budgets.Select(static budget => Math.Log2(budget)).ToArray(), _budgets.Select(Text).ToArray());
        plot.Title($"{trace}: hits under budgets in {Unit}");
        plot.XLabel(Unit);
        plot.YLabel("hits, % of requests");
        plot.ShowLegend(ScottPlot.Alignment.LowerRight);
        plot.SavePng(Path.Combine(folder, $"{trace}-{sizing}.png".ToLowerInvariant()), PlotWidth, PlotHeight);
    }

    private static string Text(long budget) => budget.ToString(CultureInfo.InvariantCulture);
}
