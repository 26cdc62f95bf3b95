namespace Granary.CommandLine.Rendering;

/// <summary>Rows under headings.</summary>
internal sealed class TextTable(params IReadOnlyList<Column> columns)
{
    private readonly List<Cell[]> _rows = [];

    public IReadOnlyList<Column> Columns => columns;

    public IReadOnlyList<Cell[]> Rows => _rows;

    /// <summary>Adds a row: one cell for each column.</summary>
    public void Add(params Cell[] cells) => _rows.Add(cells.Length == columns.Count
        ? cells
        : throw new ArgumentException($"{cells.Length} cells were given; there are {columns.Count} columns.", nameof(cells)));
}
