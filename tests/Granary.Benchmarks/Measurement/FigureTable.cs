namespace Granary.Benchmarks.Measurement;

/// <summary>
/// Rows of figures by name; a cell is the median of what the rounds measured, with the least and the greatest.
/// </summary>
/// <param name="rowHead">The head of the first column.</param>
internal sealed class FigureTable(string rowHead)
{
    private readonly OrderedDictionary<string, List<Figure>> _rows = new(StringComparer.Ordinal);

    public void Add(string row, IEnumerable<Figure> figures)
    {
        if (!_rows.TryGetValue(row, out List<Figure>? measured))
        {
            _rows.Add(row, measured = []);
        }

        measured.AddRange(figures);
    }

    public void Print(TextWriter output)
    {
        string[] names =
        [
            .. _rows.Values.SelectMany(figures => figures.Select(figure => figure.Name))
                .Distinct(StringComparer.Ordinal),
        ];
        var table = new TextTable([rowHead, .. names]);
        foreach ((string row, List<Figure> figures) in _rows)
        {
            table.Add([row, .. names.Select(name => Cell([.. figures.Where(figure => figure.Name == name)]))]);
        }

        table.Print(output);
    }

    private static string Cell(Figure[] figures) => figures.Length == 0
        ? "-"
        : Spread.Of(figures.Select(figure => figure.Value)).ToString(figures[0].Format);
}
