using Spectre.Console;

namespace Granary.CommandLine.Rendering;

/// <summary>Which columns of a table a terminal has room for, and how wide they are.</summary>
/// <param name="Shown">Their places in the table.</param>
/// <param name="Widths">Of those, without frames.</param>
/// <param name="LeftOut">The headings of the others.</param>
internal sealed record TableFit(IReadOnlyList<int> Shown, IReadOnlyList<int> Widths, IReadOnlyList<string> LeftOut)
{
    private const int FrameWidth = 3; // a line and two blanks at each column, and one more line
    private const int MinTextWidth = 10; // what is cut shorter tells nothing

    /// <summary>Leaves columns out by their rank until the rest has room, and then cuts long texts.</summary>
    /// <param name="table">The table.</param>
    /// <param name="width">Of the terminal, in characters.</param>
    public static TableFit Of(TextTable table, int width)
    {
        int[] wanted = [.. table.Columns.Select((column, index) => WidthOf(table, column, index))];
        List<int> shown = [.. Enumerable.Range(0, wanted.Length)];
        int[] least = [.. wanted.Select((one, index) => table.Columns[index].IsNumber ? one : Math.Min(one, MinTextWidth))];
        while (Whole(shown, least) > width && shown.Max(index => table.Columns[index].Rank) is > 0 and var rank)
        {
            shown.RemoveAll(index => table.Columns[index].Rank == rank);
        }

        int[] widths = [.. wanted];
        while (Whole(shown, widths) > width && shown.MaxBy(index => widths[index] - least[index]) is var longest
            && widths[longest] > least[longest])
        {
            widths[longest]--;
        }

        return new TableFit(
            shown,
            [.. shown.Select(index => widths[index])],
            [.. table.Columns.Select(static column => column.Name).Where((_, index) => !shown.Contains(index))]);
    }

    private static int WidthOf(TextTable table, Column column, int index) =>
        table.Rows.Select(row => row[index].Text).Append(column.Name).Max(static text => text.GetCellWidth());

    private static int Whole(List<int> shown, int[] widths) => shown.Sum(index => widths[index] + FrameWidth) + 1;
}
