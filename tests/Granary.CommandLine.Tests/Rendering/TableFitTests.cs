using Granary.CommandLine.Rendering;
using Granary.CommandLine.Tests.Doubles;

namespace Granary.CommandLine.Tests.Rendering;

/// <summary>Tables on terminals that are too narrow for them.</summary>
public sealed class TableFitTests
{
    [Theory]
    [InlineData(46, "Silo,Is,Entries,Up")] // 4 * 3 + 1 of frames, 14 + 6 + 9 + 4 of texts
    [InlineData(45, "Silo,Is,Entries,Up")]
    [InlineData(42, "Silo,Is,Entries,Up")] // 10 of the first: its least
    [InlineData(41, "Silo,Is,Entries")]
    [InlineData(35, "Silo,Is,Entries")]
    [InlineData(34, "Silo,Is")]
    [InlineData(10, "Silo,Is")]
    public void Columns_WithoutRoom_AreLeftOutByRank(int width, string shown)
    {
        TableFit fit = TableFit.Of(Silos(), width);

        Assert.Equal(shown, string.Join(',', fit.Shown.Select(index => Silos().Columns[index].Name)));
        Assert.Equal(Silos().Columns.Count - fit.Shown.Count, fit.LeftOut.Count);
    }

    [Fact]
    public void Text_WithoutRoom_IsCut_NumbersAreNot()
    {
        Assert.Equal([14, 6, 9, 4], TableFit.Of(Silos(), 46).Widths);
        Assert.Equal([13, 6, 9, 4], TableFit.Of(Silos(), 45).Widths);
        Assert.Equal([10, 6, 9, 4], TableFit.Of(Silos(), 42).Widths);
    }

    [Fact]
    public void Report_OnANarrowTerminal_SaysWhatItLeavesOut()
    {
        using var terminal = new RecordedTerminal(isRich: true);
        terminal.Console.Profile.Width = 36;
        var report = new Report();
        report.Table(Silos());

        report.WriteTo(terminal);

        Assert.All(terminal.Text.Split('\n'), static line => Assert.InRange(line.TrimEnd().Length, 0, 36));
        Assert.Contains("│ granary-7f… │ ready  │ 1,234,567 │", terminal.Text);
        Assert.Contains("No room for: Up.", terminal.Text);
    }

    private static TextTable Silos()
    {
        var table = new TextTable(
            new Column("Silo", IsNumber: false), new Column("Is", IsNumber: false), new Column("Entries", Rank: 1), new Column("Up", Rank: 2));
        table.Add("granary-7f9c-a", "ready", "1,234,567", "3 h");
        table.Add("granary-7f9c-b", "silent", "-", "12 m");
        return table;
    }
}
