namespace Granary.Benchmarks.Scenarios.Memory;

/// <summary>A picture of what an entry takes in each server: its own bytes, and what comes on top.</summary>
internal sealed class MemoryPlot(EntryShape shape)
{
    private const int Width = 800;
    private const int Height = 400;

    private readonly List<(string Server, double Bytes)> _servers = [];

    /// <param name="server">Its name.</param>
    /// <param name="bytesPerEntry">Resident.</param>
    public void Add(string server, double bytesPerEntry) => _servers.Add((server, bytesPerEntry));

    /// <summary>Writes a PNG file that is named for the shape.</summary>
    public void Save(string folder)
    {
        using var plot = new ScottPlot.Plot();
        double own = shape.KeyBytes + shape.ValueBytes;
        plot.Add.Bars(_servers.ConvertAll(static one => one.Bytes).ToArray()).LegendText = "overhead";
        plot.Add.Bars(_servers.ConvertAll(_ => own).ToArray()).LegendText = "key and value";
        plot.Axes.Bottom.SetTicks(
            [.. Enumerable.Range(0, _servers.Count).Select(static place => (double)place)],
            [.. _servers.Select(static one => FormattableString.Invariant($"{one.Server} {one.Bytes:0}"))]);
        plot.Axes.Margins(bottom: 0);
        plot.Title($"Resident bytes of an entry, keys of {shape.KeyBytes} B and values of {shape.ValueBytes} B");
        plot.ShowLegend(ScottPlot.Alignment.UpperLeft);
        plot.SavePng(Path.Combine(folder, $"memory-{shape.KeyBytes}-{shape.ValueBytes}.png"), Width, Height);
    }
}
