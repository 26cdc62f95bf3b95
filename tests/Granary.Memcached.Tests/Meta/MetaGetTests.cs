namespace Granary.Memcached.Tests.Meta;

/// <summary>mg (rules 8.1 and 8.2).</summary>
public sealed class MetaGetTests : IDisposable
{
    private readonly MetaTalk _talk = new();

    [Fact]
    public void Get_WithoutFlags_SaysWhetherItIsThere()
    {
        _talk.Says("mg k|", "EN|");
        _talk.Says("set k 5 0 2|ab|", "STORED|");
        _talk.Says("mg k|", "HD|");
        _talk.Says("mg k q|", "HD|");
        _talk.Says("mg no q k O1|", "");
        _talk.Says("mg no k O1|", "EN kno O1|");
    }

    [Fact]
    public void Get_OfAValue_HasItsFlagsInTheOrderOfTheRequest()
    {
        _talk.Says("set k 5 0 2|ab|", "STORED|");
        ulong cas = _talk.CasOf("k");

        _talk.Says("mg k v|", "VA 2|ab|");
        _talk.Says("mg k f s v t k Ox c|", $"VA 2 f5 s2 t-1 kk Ox c{cas}|ab|");
        _talk.Says("mg k c Ox k t s f|", $"HD c{cas} Ox kk t-1 s2 f5|");
    }

    [Fact]
    public void Get_OfAnEmptyValue_HasItsLineEnd()
    {
        _talk.Says("ms k 0||", "HD|");
        _talk.Says("mg k v s|", "VA 0 s0||");
    }

    [Fact]
    public void Get_WithMixedCommands_IsAnsweredInOrder()
    {
        _talk.Says("set k 0 0 1|a|mg k v|get k|mg no|mn|", "STORED|VA 1|a|VALUE k 0 1|a|END|EN|MN|");
        _talk.Says("mg no q|mg k q v|mg no q|mn|", "VA 1|a|MN|");
    }

    [Fact]
    public void TimeToLive_IsInWholeSeconds()
    {
        _talk.Says("ms k 1 T50|a|", "HD|");
        _talk.Says("mg k t|", "HD t50|");
        _talk.Wait(1);
        _talk.Says("mg k t|", "HD t49|");
        _talk.Wait(49);
        _talk.Says("mg k t|", "EN|");
    }

    [Fact]
    public void Touch_InTheOrderOfTheFlags_TellsTheTimeBeforeOrAfter()
    {
        _talk.Says("ms k 1 T50|a|", "HD|");
        _talk.Says("mg k t T90|", "HD t50|");
        _talk.Says("mg k T30 t|", "HD t30|");
        _talk.Says("mg k T0 t v|", "VA 1 t-1|a|");
        _talk.Says("mg k t|", "HD t-1|");
        _talk.Says("mg k T-1 t v|", "VA 1 t0|a|");
        _talk.Says("mg k|", "EN|");
        _talk.Says("mg k T30 k|", "EN kk|");
    }

    [Fact]
    public void Touch_ToAUnixTime_IsAbsolute()
    {
        long then = new DateTimeOffset(2026, 1, 1, 0, 2, 0, TimeSpan.Zero).ToUnixTimeSeconds();

        _talk.Says("ms k 1|a|", "HD|");
        _talk.Says($"mg k T{then} t|", "HD t120|");
        _talk.Says("mg k t|", "HD t120|");
    }

    [Fact]
    public void Touch_KeepsTheCas()
    {
        _talk.Says("ms k 1|a|", "HD|");
        ulong cas = _talk.CasOf("k");

        _talk.Says("mg k T30 c|", $"HD c{cas}|");
        _talk.Says("mg k c|", $"HD c{cas}|");
    }

    [Fact]
    public void HitBefore_AndLastUse_AreOfTheTimeBefore()
    {
        _talk.Says("ms k 1|a|", "HD|");
        _talk.Says("mg k h l|", "HD h0 l0|");
        _talk.Wait(10);
        _talk.Says("mg k h l|", "HD h1 l10|");
        _talk.Says("mg k h l|", "HD h1 l0|");
        _talk.Wait(5000);
        _talk.Says("get k|", "VALUE k 0 1|a|END|");
        _talk.Says("mg k h l|", "HD h1 l0|");
        _talk.Says("ms k 1|a|", "HD|");
        _talk.Says("mg k h|", "HD h0|");
    }

    [Fact]
    public void LastUse_OfHours_IsExact()
    {
        _talk.Says("ms k 1|a|", "HD|");
        for (int minute = 1; minute <= 600; minute++)
        {
            _talk.Wait(60);
            _talk.Says("mg k l u|", $"HD l{minute * 60}|");
        }
    }

    [Fact]
    public void Get_ThatIsNoUse_ChangesNothing()
    {
        _talk.Says("ms k 1|a|", "HD|");
        _talk.Wait(7);
        _talk.Says("mg k u v h l|", "VA 1 h0 l7|a|");
        _talk.Says("mg k u h l|", "HD h0 l7|");
        _talk.Says("mg k|", "HD|");
        _talk.Says("mg k u h l|", "HD h1 l0|");
    }

    [Theory]
    [InlineData("touch k 0|", "TOUCHED|", "HD h1 l0|")]
    [InlineData("gat 0 k|", "VALUE k 0 1|5|END|", "HD h1 l0|")]
    [InlineData("incr k 1|", "6|", "HD h0 l0|")]
    [InlineData("add k 0 0 1|5|", "NOT_STORED|", "HD h0 l0|")]
    [InlineData("ma k|", "HD|", "HD h0 l0|")]
    [InlineData("me no|", "EN|", "HD h0 l3|")]
    public void Use_ByOtherCommands_IsOneAsInMemcached(string request, string answer, string then)
    {
        _talk.Says("set k 0 0 1|5|", "STORED|");
        _talk.Wait(3);
        _talk.Says(request, answer);
        _talk.Says("mg k h l|", then);
    }

    [Fact]
    public void Creation_OnAMiss_IsAnEmptyItemAndItsTokenIsWon()
    {
        _talk.Says("mg k N30 t v s f|", "VA 0 t30 s0 f0 W||");
        _talk.Says("mg k N30 t v s h|", "VA 0 t30 s0 h1 Z||");
        _talk.Says("get k|", "VALUE k 0 0||END|");
        _talk.Says("add k 0 0 1|a|", "NOT_STORED|");
        _talk.Says("append k 0 0 1|a|", "STORED|");
        _talk.Says("mg k v|", "VA 1|a|");
        _talk.Wait(30);
        _talk.Says("mg k|", "EN|");
    }

    [Fact]
    public void Creation_KeepsTheTimeThatCameLast()
    {
        _talk.Says("mg a N30 T50|", "HD W|");
        _talk.Says("mg a t|", "HD t50 Z|");
        _talk.Says("mg b T50 N30|", "HD W|");
        _talk.Says("mg b t|", "HD t30 Z|");
        _talk.Says("mg c t N30 t0|", "CLIENT_ERROR duplicate flag|");
        _talk.Says("mg c t N30|", "HD t-1 W|");
        _talk.Says("mg d N0 t|", "HD t-1 W|");
        _talk.Says("mg e N-1 t|", "HD t0 W|");
        _talk.Says("mg e|", "EN|");
    }

    [Fact]
    public void Creation_WithACas_HasIt()
    {
        _talk.Says("mg k N30 E77 c|", "HD c77 W|");
        _talk.Says("mg k E78 c|", "HD c77 Z|");
    }

    [Fact]
    public void Refresh_BelowATime_IsWonOnce()
    {
        _talk.Says("ms k 1 T50|a|", "HD|");
        _talk.Says("mg k R50|", "HD|");
        _talk.Says("mg k R51 t|", "HD t50 W|");
        _talk.Says("mg k R51|", "HD Z|");
        _talk.Says("mg k|", "HD Z|");
        _talk.Says("ms k 1 T50|a|", "HD|");
        _talk.Says("mg k|", "HD|");
    }

    [Fact]
    public void Refresh_OfAnItemThatDoesNotExpire_IsNotWon()
    {
        _talk.Says("ms k 1|a|", "HD|");
        _talk.Says("mg k R1000000|", "HD|");
        _talk.Says("mg k T50 R60|", "HD W|");
        _talk.Says("ms k 1 T50|a|", "HD|");
        _talk.Says("mg k R60 T90|", "HD W|");
        _talk.Says("ms k 1 T50|a|", "HD|");
        _talk.Says("mg k T90 R60|", "HD|");
        _talk.Says("mg k R-1|", "HD|");
        _talk.Says("mg k R0|", "HD|");
    }

    [Fact]
    public void Get_OfACasThatTheClientHas_HasNoValue()
    {
        _talk.Says("ms k 1|a|", "HD|");
        ulong cas = _talk.CasOf("k");

        _talk.Says($"mg k v C{cas} s|", "HD s1|");
        _talk.Says($"mg k v C{cas + 1} s|", "VA 1 s1|a|");
    }

    public void Dispose() => _talk.Dispose();
}
