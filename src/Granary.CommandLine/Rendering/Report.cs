namespace Granary.CommandLine.Rendering;

/// <summary>What a verb tells a person: lines and tables, whatever they are drawn with.</summary>
internal sealed class Report
{
    private readonly List<Block> _blocks = [];

    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>Adds a line of some parts.</summary>
    public void Line(params IReadOnlyList<Cell> parts) => _blocks.Add(new Block(parts, null));

    /// <summary>Adds an empty line.</summary>
    public void Space() => Line();

    /// <summary>Adds a table; one without rows is nothing.</summary>
    public void Table(TextTable table)
    {
        if (table.Rows.Count > 0)
        {
            _blocks.Add(new Block(null, table));
        }
    }

    /// <summary>Writes it to a terminal, or plainly.</summary>
    public void WriteTo(ITerminal terminal)
    {
        if (terminal.IsRich)
        {
            terminal.Console.Write(RichReport.Of(this, terminal.Console.Profile.Width));
        }
        else
        {
            PlainReport.Write(this, terminal.Out);
        }
    }
}
