namespace Granary.Memcached.Tests.Meta;

/// <summary>The flags that all meta commands know: b, k, O, q (rule 8.1), and mn.</summary>
public sealed class MetaKeyTests : IDisposable
{
    private readonly MetaTalk _talk = new();

    [Fact]
    public void BinaryKey_IsRememberedByItsItem()
    {
        _talk.Says("ms AAECDQo= 1 b k|a|", "HD kAAECDQo= b|");
        _talk.Says("mg AAECDQo= b k v|", "VA 1 kAAECDQo= b|a|");
        _talk.Says("ms Zm9v 1 b|a|", "HD|");
        _talk.Says("mg foo k v|", "VA 1 kZm9v b|a|");
        _talk.Says("me foo|", _talk.Ask("me Zm9v b|"));
        _talk.Says("get foo|", "VALUE foo 0 1|a|END|");
        _talk.Says("md Zm9v k b|", "HD kZm9v b|");
        _talk.Says("mg Zm9v b k|", "EN kZm9v b|");
        _talk.Says("mg foo k|", "EN kfoo|");
    }

    [Fact]
    public void BinaryKey_OfAnItemThatWasStoredAsText_IsToldAsText()
    {
        _talk.Says("set foo 0 0 1|a|", "STORED|");
        _talk.Says("mg Zm9v b k|", "HD kfoo|");
        _talk.Says("ms Zm9v 1 b|a|", "HD|");
        _talk.Says("set foo 0 0 1|a|", "STORED|");
        _talk.Says("mg foo k|", "HD kfoo|");
    }

    [Theory]
    [InlineData("mg Zm9v b N30|", "HD W|")]
    [InlineData("ma Zm9v b N30|", "HD|")]
    [InlineData("ms Zm9v 1 b MA N30|a|", "HD|")]
    public void BinaryKey_OfAnItemThatIsCreated_IsRemembered(string request, string answer)
    {
        _talk.Says(request, answer);
        Assert.StartsWith("HD kZm9v b", _talk.Ask("mg foo k|"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("append foo 0 0 1|1|", "STORED|")]
    [InlineData("ms foo 1 MP|1|", "HD|")]
    [InlineData("incr foo 5|", "14|")]
    [InlineData("md foo x|", "HD|")]
    [InlineData("touch foo 50|", "TOUCHED|")]
    public void BinaryKey_OfAnItemThatIsChanged_StaysRemembered(string request, string answer)
    {
        _talk.Says("ms Zm9v 1 b|9|", "HD|");
        _talk.Says(request, answer);
        _talk.Says("mg foo k|", "HD kZm9v b|");
    }

    [Fact]
    public void KeyAndOpaque_AreToldOnEveryAnswer()
    {
        _talk.Says("md k k O1|", "NF kk O1|");
        _talk.Says("ma k O1 k|", "NF O1 kk|");
        _talk.Says("ms k 1 MR k O1|a|", "NS kk O1|");
        _talk.Says("ms k 1 C5 k O1|a|", "NF kk O1|");
        _talk.Says("ms k 1 k O1|a|", "HD kk O1|");
        _talk.Says("ms k 1 C5 k O1|a|", "EX kk O1|");
        _talk.Says("md k C5 k O1|", "EX kk O1|");
        _talk.Says("mg k k O1 Px Ly|", "HD kk O1|");
        _talk.Says("mg k O|", "HD O|");
        _talk.Says("md k k O1|", "HD kk O1|");
    }

    [Fact]
    public void Quiet_LeavesOutWhatIsExpected()
    {
        _talk.Says("ms k 1 q k|1|", "");
        _talk.Says("ma k q|", "");
        _talk.Says("ma k q v|", "");
        _talk.Says("mg k q v|", "VA 1|3|");
        _talk.Says("ms k 1 q ME|1|", "NS|");
        _talk.Says("ms k 1 q C5|1|", "EX|");
        _talk.Says("md k q C5|", "EX|");
        _talk.Says("md k q I|", "");
        _talk.Says("md k q|", "");
        _talk.Says("md k q|", "NF|");
        _talk.Says("ma k q|", "NF|");
        _talk.Says("mg k q|", "");
        _talk.Says("mg k q z|", "CLIENT_ERROR invalid flag|");
        _talk.Says("ms k 1 q|ab|", "CLIENT_ERROR bad data chunk|CLIENT_ERROR bad command line format|");
        _talk.Says("ms k 1 q|a|", "");
        _talk.Says("ma k q|", "CLIENT_ERROR cannot increment or decrement non-numeric value|");
    }

    [Fact]
    public void Debug_OfAnItem_TellsWhatIsKnownOfIt()
    {
        _talk.Says("me k|", "EN|");
        _talk.Says("ms k 5 T50|abcde|", "HD|");
        ulong cas = _talk.CasOf("k");
        _talk.Wait(3);

        string expected = $"ME k exp=47 la=3 cas={cas} fetch=no cls=1 size=";
        Assert.StartsWith(expected, _talk.Ask("me k|"), StringComparison.Ordinal);
        Assert.StartsWith(expected, _talk.Ask("me k x y|"), StringComparison.Ordinal);
        _talk.Says("md k I E3|", "HD|");
        Assert.StartsWith("ME k exp=47 la=3 cas=3 fetch=no", _talk.Ask("me k|"), StringComparison.Ordinal);
        _talk.Says("mg k u|", "HD X W|");
        _talk.Says($"ms k 1 T47 E{cas}|a|mg k T0|", "HD|HD|");
        Assert.StartsWith($"ME k exp=-1 la=0 cas={cas} fetch=yes cls=1 size=", _talk.Ask("me k|"), StringComparison.Ordinal);
    }

    [Fact]
    public void Debug_OfAnItem_CountsKeyAndHeaderInItsSize()
    {
        _talk.Says("ms k 100|" + new string('v', 100) + "|ms a-longer-key 100|" + new string('v', 100) + "|ms l 164|" + new string('v', 164) + "|", "HD|HD|HD|");

        Assert.InRange(SizeOf("k"), 101, 150);
        Assert.InRange(SizeOf("a-longer-key") - SizeOf("k"), 8, 16); // records are of whole units
        Assert.Equal(64, SizeOf("l") - SizeOf("k"));
    }

    private int SizeOf(string key) => int.Parse(
        _talk.Ask($"me {key}|").Split("size=")[1].TrimEnd('|'), System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => _talk.Dispose();
}
