using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Sessions;

/// <summary>flush_all (rules 7.4 to 7.6), of a cluster that begins with 2026, which is 1767225600.</summary>
public sealed class FlushCommandTests
{
    [Theory]
    [InlineData("flush_all|", "OK|")]
    [InlineData("flush_all 0|", "OK|")]
    [InlineData("flush_all -1|", "OK|")]
    [InlineData("flush_all 1767225600|", "OK|")]
    [InlineData("flush_all 2592001|", "OK|")] // a time of 1970
    [InlineData("flush_all noreply|", "")]
    [InlineData("flush_all 0 noreply|", "")]
    public async Task Flush_OfNow_DropsWhatIsThereAndNotWhatComesAsync(string flush, string answer)
    {
        using TwoSilos silos = await TwoSilos.WithAReplicaAsync();

        Assert.Equal(
            $"STORED|{answer}END|STORED|VALUE k 0 1|b|END|",
            await silos.AskAsync($"set k 0 0 1|a|{flush}get k|set k 0 0 1|b|get k|", silos.Replicate));
    }

    [Theory]
    [InlineData("flush_all 3|", "OK|", false)]
    [InlineData("flush_all 3 noreply|", "", false)]
    [InlineData("flush_all 1767225603|", "OK|", false)]
    [InlineData("flush_all 4|", "OK|", false)] // to the millisecond
    [InlineData("flush_all 5|", "OK|", true)]
    [InlineData("flush_all 1767225605|", "OK|", true)]
    [InlineData("flush_all 3|flush_all 100|", "OK|OK|", true)] // a later one takes its place
    [InlineData("flush_all 100|flush_all 3|", "OK|OK|", false)]
    [InlineData("flush_all 3|flush_all|set k 0 0 1|a|", "OK|OK|STORED|", true)] // so does one of now
    public async Task Flush_OfLater_DropsThenWhatIsThereThenAsync(string flush, string answer, bool stays)
    {
        const string Both = "VALUE k 0 1|a|VALUE late 0 1|b|END|";
        using TwoSilos silos = await TwoSilos.WithAReplicaAsync();
        Assert.Equal(
            $"STORED|{answer}STORED|{Both}",
            await silos.AskAsync($"set k 0 0 1|a|{flush}set late 0 0 1|b|get k late|", silos.Replicate));

        silos.GiveUp(); // 4 s later

        Assert.Equal(stays ? Both : "END|", await silos.AskAsync("get k late|", silos.Replicate));
        Assert.Equal("STORED|VALUE k 0 1|c|END|", await silos.AskAsync("set k 0 0 1|c|get k|", silos.Replicate));
    }

    [Fact]
    public async Task Flush_AndWhatItDropped_AreCountedAsync()
    {
        using TwoSilos silos = await TwoSilos.WithAReplicaAsync();

        string told = await silos.AskAsync(
            "set k 0 0 1|a|flush_all|get k|get k|flush_all noreply|flush_all 100|stats|", silos.Replicate);

        Assert.Contains("|STAT cmd_flush 3|", told, StringComparison.Ordinal);
        Assert.Contains("|STAT get_misses 2|STAT get_expired 0|STAT get_flushed 1|", told, StringComparison.Ordinal);
        Assert.Contains("|STAT curr_items 0|", told, StringComparison.Ordinal);
    }
}
