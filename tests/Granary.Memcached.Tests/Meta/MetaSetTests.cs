namespace Granary.Memcached.Tests.Meta;

/// <summary>ms (rules 8.3, 3.8).</summary>
public sealed class MetaSetTests : IDisposable
{
    private readonly MetaTalk _talk = new();

    [Fact]
    public void Set_HasFlagsAndTime()
    {
        _talk.Says("ms k 2 F5 T30|ab|", "HD|");
        _talk.Says("mg k f t v|", "VA 2 f5 t30|ab|");
        _talk.Says("ms k 1|c|", "HD|");
        _talk.Says("mg k f t v|", "VA 1 f0 t-1|c|");
        _talk.Says("ms k 1 T-1|c|", "HD|");
        _talk.Says("mg k|", "EN|");
    }

    [Fact]
    public void Modes_AreTheClassicCommands()
    {
        _talk.Says("ms k 1 MR|a|", "NS|");
        _talk.Says("ms k 1 MA|a|", "NS|");
        _talk.Says("ms k 1 MP|a|", "NS|");
        _talk.Says("ms k 1 ME F3 T50|b|", "HD|");
        _talk.Says("ms k 1 ME|a|", "NS|");
        _talk.Says("ms k 1 MA F9 T9|c|", "HD|");
        _talk.Says("ms k 1 MP F9 T9|a|", "HD|");
        _talk.Says("mg k v f t|", "VA 3 f3 t50|abc|");
        _talk.Says("ms k 1 MReplace|d|", "HD|");
        _talk.Says("ms k 1 MS|e|", "HD|");
        _talk.Says("mg k v f t|", "VA 1 f0 t-1|e|");
    }

    [Fact]
    public void Answer_HasCasAndFinalSize()
    {
        string answer = _talk.Ask("ms k 3 c s|abc|");
        Assert.Equal($"HD c{_talk.CasOf("k")} s3|", answer);
        answer = _talk.Ask("ms k 2 MA s c|de|");
        Assert.Equal($"HD s5 c{_talk.CasOf("k")}|", answer);
        _talk.Says("ms k 1 ME c|x|", "NS c0|");
        _talk.Says("ms k 1 C1 c|x|", "EX c0|");
    }

    [Fact]
    public void Compare_StoresOnlyOverThatCas()
    {
        _talk.Says("ms k 1 C5|a|", "NF|");
        _talk.Says("ms k 1 MR C5|a|", "NF|");
        _talk.Says("ms k 1 MA C5|a|", "NS|");
        _talk.Says("ms k 1 ME C5|a|", "HD|");
        _talk.Says("ms k 1 C0|b|", "EX|");
        _talk.Says("ms k 1 C5|b|", "EX|");
        _talk.Says("ms k 1 MA C5|b|", "EX|");
        _talk.Says("ms k 1 MP C5|b|", "EX|");
        _talk.Says($"ms k 1 MA C{_talk.CasOf("k")}|b|", "HD|");
        _talk.Says("ms k 1 MA C0|c|", "HD|");
        _talk.Says($"ms k 1 MP C{_talk.CasOf("k")}|0|", "HD|");
        _talk.Says("mg k v|", "VA 4|0abc|");
        _talk.Says($"ms k 1 C{_talk.CasOf("k")}|d|", "HD|");
        _talk.Says($"ms k 1 MR C{_talk.CasOf("k")}|e|", "HD|");
        _talk.Says("mg k v|", "VA 1|e|");
    }

    [Fact]
    public void ExplicitCas_IsTheItems()
    {
        _talk.Says("ms k 1 E1000 c|a|", "HD c1000|");
        _talk.Says("mg k c|", "HD c1000|");
        _talk.Says("gets k|", "VALUE k 0 1 1000|a|END|");
        _talk.Says("ms k 1 MA E900 c|b|", "HD c900|");
        _talk.Says("cas k 0 0 1 1000|x|", "EXISTS|");
        _talk.Says("cas k 7 0 1 900|x|", "STORED|");
        Assert.True(_talk.CasOf("k") > 1_000_000);
        _talk.Says("ms k 1 C1 E5|a|", "EX|");
        Assert.True(_talk.CasOf("k") > 1_000_000);
    }

    [Fact]
    public void ExplicitCas_BelowAFlush_IsNoReasonToBeGone()
    {
        _talk.Says("ms old 1 E18446744073709551615|a|", "HD|");
        _talk.Flush();
        _talk.Says("mg old|", "EN|");
        _talk.Says("ms k 1 E5|a|", "HD|");
        _talk.Says("mg k c|", "HD c5|");
    }

    [Fact]
    public void Invalidation_WithALowerCas_StoresAStaleValue()
    {
        _talk.Says("ms k 1 T50 E100|a|", "HD|");
        _talk.Says("ms k 1 C101 I|x|", "EX|");
        _talk.Says("ms k 1 C0 I|x|", "EX|");
        _talk.Says("ms no 1 C5 I|x|", "NF|");
        _talk.Says("ms k 1 C99 I F7 T90|b|", "HD|");
        _talk.Says("mg k v f t|", "VA 1 f7 t50 X W|b|");
        _talk.Says("mg k v|", "VA 1 Z X|b|");
        _talk.Says($"ms k 1 C{_talk.CasOf("k")} I|c|", "HD|");
        _talk.Says("mg k v t|", "VA 1 t-1|c|");
    }

    [Fact]
    public void Invalidation_KeepsTheSentToken()
    {
        _talk.Says("ms k 1 E100|a|", "HD|");
        _talk.Says("md k I E101|", "HD|");
        _talk.Says("mg k|", "HD X W|");
        _talk.Says("ms k 1 C100 I|b|", "HD|");
        _talk.Says("mg k v|", "VA 1 Z X|b|");
    }

    [Theory]
    [InlineData("A")]
    [InlineData("P")]
    public void Append_ThatCreates_HasItsTimeAndFlags(string mode)
    {
        _talk.Says($"ms k 1 M{mode} N30 T90 F4|a|", "HD|");
        _talk.Says("mg k t f v|", "VA 1 t30 f4|a|");
        _talk.Says($"ms k 1 M{mode} N60 F9|a|", "HD|");
        _talk.Says("mg k t f v|", "VA 2 t30 f4|aa|");
    }

    [Theory]
    [InlineData("ms k 1|a|")]
    [InlineData("ms k 1 MA|a|")]
    [InlineData("set k 0 0 1|a|")]
    [InlineData("prepend k 0 0 1|a|")]
    public void Stores_ClearStaleAndToken(string request)
    {
        _talk.Says("ms k 1|a|", "HD|");
        _talk.Says("md k I|", "HD|");
        _talk.Says("mg k|", "HD X W|");
        _talk.Ask(request);
        _talk.Says("mg k|", "HD|");
    }

    [Fact]
    public void BadData_IsSaidAndNothingIsStored()
    {
        _talk.Says("ms k 3|abcdef|", "CLIENT_ERROR bad data chunk|CLIENT_ERROR bad command line format|");
        _talk.Says("mg k|", "EN|");
        _talk.Says("ms k 2 z|ab|mn|", "CLIENT_ERROR invalid flag|MN|");
        _talk.Says("ms k x|", "CLIENT_ERROR bad command line format|");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" MA")]
    [InlineData(" ME q")]
    public void TooLarge_DropsTheOldValue(string mode)
    {
        _talk.Says("ms k 1|a|", "HD|");
        string block = new('x', (1 << 20) + 1);
        _talk.Says($"ms k {block.Length}{mode}|{block}|mn|", "SERVER_ERROR object too large for cache|MN|");
        _talk.Says("mg k|", "EN|");
    }

    [Fact]
    public void Append_WhoseSumIsTooLarge_ChangesNothing()
    {
        _talk.Says("ms k 1|a|", "HD|");
        string block = new('x', 1 << 20);
        _talk.Says($"ms k {block.Length} MA|{block}|", "NS|");
        _talk.Says("mg k v|", "VA 1|a|");
    }

    public void Dispose() => _talk.Dispose();
}
