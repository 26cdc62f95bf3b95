namespace Granary.Memcached.Tests.Meta;

/// <summary>md and ma, and what becomes of recache tokens (rules 8.4 to 8.6).</summary>
public sealed class MetaChangeTests : IDisposable
{
    private readonly MetaTalk _talk = new();

    [Fact]
    public void Delete_WithACondition_ComparesTheCas()
    {
        _talk.Says("md k|", "NF|");
        _talk.Says("md k C5|", "NF|");
        _talk.Says("ms k 1|a|", "HD|");
        _talk.Says("md k C5|", "EX|");
        _talk.Says("md k C0|", "EX|");
        _talk.Says($"md k C{_talk.CasOf("k")}|", "HD|");
        _talk.Says("md k|", "NF|");
        _talk.Says("ms k 1|a|", "HD|");
        _talk.Says("md k T30|", "HD|");
        _talk.Says("mg k|", "EN|");
    }

    [Fact]
    public void Delete_ThatMarksStale_KeepsTheValueAndGivesOneToken()
    {
        _talk.Says("ms k 1 F3 T50|a|", "HD|");
        ulong cas = _talk.CasOf("k");
        _talk.Says("md k I|", "HD|");
        Assert.True(_talk.CasOf("k") > cas);
        _talk.Says("md k I|", "HD|");
        _talk.Says("mg k v f t|", "VA 1 f3 t50 X W|a|");
        _talk.Says("mg k v R1000|", "VA 1 Z X|a|");
        _talk.Says("get k|", "VALUE k 3 1|a|END|");
        _talk.Says("md k I T30|", "HD|");
        _talk.Says("mg k t|", "HD t30 X W|");
        _talk.Says("md k I T0 E77|", "HD|");
        _talk.Says("mg k t c|", "HD t-1 c77 X W|");
        _talk.Says("md k I T-1|", "HD|");
        _talk.Says("mg k|", "EN|");
    }

    [Fact]
    public void Delete_ThatMarksStale_WithACondition()
    {
        _talk.Says("ms k 1 E9|a|", "HD|");
        _talk.Says("md k I C8|", "EX|");
        _talk.Says("md k I C9 E10|", "HD|");
        _talk.Says("mg k c|", "HD c10 X W|");
    }

    [Fact]
    public void Delete_ThatDropsTheValue_KeepsTheKeyAndItsCas()
    {
        _talk.Says("ms k 3 F3 T50|abc|", "HD|");
        ulong cas = _talk.CasOf("k");
        _talk.Says("md k x|", "HD|");
        _talk.Says("mg k v f t c|", $"VA 0 f0 t-1 c{cas}||");
        _talk.Says("md k x F5 T30 E88|", "HD|");
        _talk.Says("mg k v f t c|", "VA 0 f5 t30 c88||");
        _talk.Says("add k 0 0 1|a|", "NOT_STORED|");
        _talk.Says("md no x|", "NF|");
    }

    [Fact]
    public void Delete_ThatDropsTheValueAndMarksStale_DoesBoth()
    {
        _talk.Says("ms k 3 T50|abc|", "HD|");
        ulong cas = _talk.CasOf("k");
        _talk.Says("md k x I T30|", "HD|");
        Assert.NotEqual(cas, _talk.CasOf("k"));
        _talk.Says("md k x I T30|", "HD|");
        _talk.Says("mg k v t|", "VA 0 t30 X W||");
    }

    [Theory]
    [InlineData("touch k 50|", "TOUCHED|")]
    [InlineData("gat 50 k|", "VALUE k 0 1|5|END|")]
    [InlineData("mg k T50|", "HD Z X|")]
    [InlineData("incr k 1|", "6|")]
    [InlineData("ma k T50|", "HD|")]
    [InlineData("get k|", "VALUE k 0 1|5|END|")]
    public void Marks_OfAnItemThatIsNotStoredAgain_Stay(string request, string answer)
    {
        _talk.Says("ms k 1|5|", "HD|");
        _talk.Says("md k I|", "HD|");
        _talk.Says("mg k|", "HD X W|");
        _talk.Says(request, answer);
        _talk.Says("mg k|", "HD Z X|");
        _talk.Says("md k I|", "HD|");
        _talk.Says("mg k|", "HD X W|");
    }

    [Fact]
    public void Count_AddsAndSubtracts()
    {
        _talk.Says("ma k|", "NF|");
        _talk.Says("ms k 2 F5 T50|10|", "HD|");
        _talk.Says("ma k v|", "VA 2|11|");
        _talk.Says("ma k v D5 MI|", "VA 2|16|");
        _talk.Says("ma k v D5 M+|", "VA 2|21|");
        _talk.Says("ma k v D2 MD|", "VA 2|19|");
        _talk.Says("ma k v D12 M- t|", "VA 1 t50|7|");
        _talk.Says("get k|", "VALUE k 5 2|7 |END|");
        _talk.Says("ma k v D100 Mdecr|", "CLIENT_ERROR invalid mode for ma M token|");
        _talk.Says("ma k v D100 MDecr|", "VA 1|0|");
        _talk.Says("ma k D0|", "HD|");
        _talk.Says("ma k D18446744073709551615 v|", "VA 20|18446744073709551615|");
        _talk.Says("ma k v|", "VA 1|0|");
        _talk.Says("mg k s f|", "HD s20 f5|");
        _talk.Says($"ma k c s f h l|", $"HD c{_talk.CasOf("k") + 1}|");
        _talk.Says("ms k 1|x|", "HD|");
        _talk.Says("ma k|", "CLIENT_ERROR cannot increment or decrement non-numeric value|");
        _talk.Says("ma k C5|", "EX|");
        _talk.Says("ms k 0||", "HD|");
        _talk.Says("ma k C5|", "CLIENT_ERROR cannot increment or decrement non-numeric value|");
    }

    [Fact]
    public void Count_OnAMiss_CreatesWithTheInitialNumber()
    {
        _talk.Says("ma k N30 J7 D5 v t|", "VA 1 t30|7|");
        _talk.Says("ma k N60 J7 D5 v t|", "VA 2 t30|12|");
        _talk.Says("ma a N0 v|", "VA 1|0|");
        _talk.Says("ma a t|", "HD t-1|");
        _talk.Says("ma b N30 T60 t|", "HD t60|");
        _talk.Says("mg b t|", "HD t60|");
        _talk.Says("ma c T60 N30 t|", "HD t30|");
        _talk.Says("mg c t|", "HD t30|");
        _talk.Says("ma q N30 J3 q|", "HD|"); // that it was created is not what is expected
        _talk.Says("ma q N30 J3 q|", "");
        _talk.Says("ma d J9|", "NF|");
        _talk.Says("ma d N30 C5 E6 c|", "HD c6|");
    }

    [Fact]
    public void Count_WithATime_TouchesInTheOrderOfTheFlags()
    {
        _talk.Says("ms k 1|5|", "HD|");
        _talk.Says("ma k t T50 v|", "VA 1 t-1|6|");
        _talk.Says("ma k T30 t D100 v|", "VA 3 t30|106|");
        _talk.Says("ma k t v|", "VA 3 t30|107|");
        _talk.Says("ma k T0 t|", "HD t-1|");
        _talk.Says("mg k t v|", "VA 3 t-1|108|");
    }

    [Fact]
    public void Count_WithACondition_ComparesTheCas()
    {
        _talk.Says("ms k 1|5|", "HD|");
        _talk.Says("ma k C5|", "EX|");
        _talk.Says("ma k C0|", "HD|");
        _talk.Says($"ma k C{_talk.CasOf("k")} v|", "VA 1|7|");
        _talk.Says("ma k E44 c v|", "VA 1 c44|8|");
        _talk.Says("ma k C44 E45 D5 v|", "VA 2|13|");
        _talk.Says("mg k c v|", "VA 2 c45|13|");
        _talk.Says("incr k 1|", "14|");
        Assert.True(_talk.CasOf("k") > 1_000_000);
    }

    [Fact]
    public void Counters_AreThoseOfMemcached()
    {
        _talk.Ask("mg k|mg k N30|mg k|mg k T30|mg no T30|me k|ms k 1|5|ms k 1 ME|5|ms k 1 C1|5|");
        Assert.Equal((4L, 2L, 2L), (_talk.Counters.CmdGet, _talk.Counters.GetHits, _talk.Counters.GetMisses));
        Assert.Equal((1L, 1L, 0L), (_talk.Counters.CmdTouch, _talk.Counters.TouchHits, _talk.Counters.TouchMisses));
        Assert.Equal((3L, 1L, 1L), (_talk.Counters.CmdSet, _talk.Counters.CasBadValue, _talk.Counters.CmdMeta));
        Assert.Equal(2, _talk.StoredItems);

        _talk.Ask("ma k|ma k MD|ma no|ma no MD|ma new N30|md k I|md k C1|md k|md k|");
        Assert.Equal((1L, 1L), (_talk.Counters.IncrHits, _talk.Counters.IncrMisses));
        Assert.Equal((1L, 1L), (_talk.Counters.DecrHits, _talk.Counters.DecrMisses));
        Assert.Equal((1L, 2L), (_talk.Counters.DeleteHits, _talk.Counters.DeleteMisses));
        Assert.Equal(3, _talk.StoredItems);
        Assert.Contains("STAT cmd_meta 1|", _talk.Ask("stats|"), StringComparison.Ordinal);
    }

    public void Dispose() => _talk.Dispose();
}
