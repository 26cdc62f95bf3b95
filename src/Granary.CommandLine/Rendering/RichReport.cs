using Spectre.Console;
using Spectre.Console.Rendering;

namespace Granary.CommandLine.Rendering;

/// <summary>A report as a terminal draws it.</summary>
internal static class RichReport
{
    /// <param name="report">The report.</param>
    /// <param name="width">Of the terminal, in characters.</param>
    public static IRenderable Of(Report report, int width) => new Rows(report.Blocks.Select(block =>
        block.Table is { } table ? TableOf(table, TableFit.Of(table, width)) : LineOf(block.Line!)));

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

    private static IRenderable TableOf(TextTable table, TableFit fit)
    {
        var drawn = new Table { Border = TableBorder.Rounded, BorderStyle = StyleOf(Tone.Faint) };
        foreach ((int index, int width) in fit.Shown.Zip(fit.Widths))
        {
            drawn.AddColumn(new TableColumn(new Text(table.Columns[index].Name, StyleOf(Tone.Strong)))
            {
                Alignment = table.Columns[index].IsNumber ? Justify.Right : Justify.Left,
                NoWrap = true,
                Width = width,
            });
        }

        foreach (Cell[] row in table.Rows)
        {
            drawn.AddRow(fit.Shown.Select(index => new Text(row[index].Text, StyleOf(row[index].Tone)) { Overflow = Overflow.Ellipsis }));
        }

        return fit.LeftOut.Count == 0
            ? drawn
            : new Rows(drawn, new Text($"No room for: {string.Join(", ", fit.LeftOut)}.", StyleOf(Tone.Faint)));
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
