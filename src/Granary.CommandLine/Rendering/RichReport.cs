using Spectre.Console;
using Spectre.Console.Rendering;

namespace Granary.CommandLine.Rendering;

/// <summary>A report as a terminal draws it.</summary>
internal static class RichReport
{
    public static IRenderable Of(Report report) => new Rows(report.Blocks.Select(static block =>
        block.Table is { } table ? TableOf(table) : LineOf(block.Line!)));

    private static IRenderable LineOf(IReadOnlyList<Cell> parts)
    {
        if (parts.Count == 0)
        {
            return Text.Empty;
        }

        var line = new Paragraph();
        foreach (Cell part in parts)
        {
            line.Append(part.Text, StyleOf(part.Tone));
        }

        return line;
    }

    private static Table TableOf(TextTable table)
    {
        var drawn = new Table { Border = TableBorder.Rounded, BorderStyle = StyleOf(Tone.Faint) };
        foreach (Column column in table.Columns)
        {
            drawn.AddColumn(new TableColumn(new Text(column.Name, StyleOf(Tone.Strong)))
            {
                Alignment = column.IsNumber ? Justify.Right : Justify.Left,
                NoWrap = true,
            });
        }

        foreach (Cell[] row in table.Rows)
        {
            drawn.AddRow(row.Select(static cell => new Text(cell.Text, StyleOf(cell.Tone)) { Overflow = Overflow.Ellipsis }));
        }

        return drawn;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Faint => new Style(decoration: Decoration.Dim),
        Tone.Strong => new Style(decoration: Decoration.Bold),
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red, decoration: Decoration.Bold),
        _ => Style.Plain,
    };
}
