namespace Granary.CommandLine.Rendering;

/// <summary>A report as aligned text: for files, pipes and mails.</summary>
internal static class PlainReport
{
    private const string Gap = "  ";

    public static void Write(Report report, TextWriter writer)
    {
        foreach (Block block in report.Blocks)
        {
            if (block.Table is { } table)
            {
                Write(table, writer);
            }
            else
            {
                writer.WriteLine(string.Concat(block.Line!.Select(static part => part.Text)));
            }
        }
    }

    private static void Write(TextTable table, TextWriter writer)
    {
        int[] widths =
        [
            .. table.Columns.Select((column, index) =>
                Math.Max(column.Name.Length, table.Rows.Max(row => row[index].Text.Length))),
        ];
        writer.WriteLine(Row([.. table.Columns.Select(static column => column.Name.ToUpperInvariant())]));
        foreach (Cell[] row in table.Rows)
        {
            writer.WriteLine(Row([.. row.Select(static cell => cell.Text)]));
        }

        string Row(string[] texts) => string.Join(Gap, texts.Select((text, index) =>
            table.Columns[index].IsNumber ? text.PadLeft(widths[index]) : text.PadRight(widths[index]))).TrimEnd();
    }
}
