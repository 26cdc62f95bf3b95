using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Meta;

/// <summary>Meta commands on a shard that another silo holds.</summary>
public sealed class MetaRemoteTests
{
    private const int LongBytes = 700_000; // of pages: over 64 KiB, over half a segment, and more than one page

    [Theory]
    [InlineData("mg k|", "EN|")]
    [InlineData("mg k q k|mn|", "MN|")]
    [InlineData("ms k 2 F5 T50 E7|ab|mg k v f t c s k Ox h|", "HD|VA 2 f5 t50 c7 s2 kk Ox h0|ab|")]
    [InlineData(
        "ms k 1 E7|a|ms k 1 MA C7 s c E8|b|ms k 1 C7|x|ms k 1 ME c|x|get k|",
        "HD|HD s2 c8|EX|NS c0|VALUE k 0 2|ab|END|")]
    [InlineData("mg k N30 t v E5 c|mg k N30 t v c|", "VA 0 t30 c5 W||VA 0 t30 c5 Z||")]
    [InlineData("mg k N30 T60 t|mg k t T90|mg k T80 t|", "HD t60 W|HD t60 Z|HD t80 Z|")]
    [InlineData("ms k 1 T50|a|mg k R60|mg k R60|mg k|", "HD|HD W|HD Z|HD Z|")]
    [InlineData(
        "ms k 1 E9|a|md k I E10 T30|mg k c t v|mg k v|ms k 1 C9 I E11|b|mg k v c|",
        "HD|HD|VA 1 c10 t30 X W|a|VA 1 Z X|a|HD|VA 1 c11 Z X|b|")]
    [InlineData(
        "md k|ms k 1 E9|a|md k C8 k|md k C9 x F4|mg k v f c|md k q|md k q|",
        "NF|HD|EX kk|HD|VA 0 f4 c9||NF|")]
    [InlineData(
        "ma k|ma k N30 J9 v t|ma k D2 v t c E6|ma k MD D5 q|ma k v C6|ma k v|",
        "NF|VA 1 t30|9|VA 2 t30 c6|11|EX|VA 1|7|")]
    [InlineData(
        "ms Zm9v 1 b k|a|mg foo k|mg Zm9v b k v|md Zm9v b k|",
        "HD kZm9v b|HD kZm9v b|VA 1 kZm9v b|a|HD kZm9v b|")]
    [InlineData("set k 0 0 1|5|mg k h|mg k h u|incr k 1|get k|mn|", "STORED|HD h0|HD h1|6|VALUE k 0 1|6|END|MN|")]
    [InlineData(
        "mg k v v|ms k 2 z|ab|mg k Tx|mn|",
        "CLIENT_ERROR duplicate flag|CLIENT_ERROR invalid flag|CLIENT_ERROR bad token in command line format|MN|")]
    [InlineData(
        "ms k 1|x|ma k|ma k q|",
        "HD|CLIENT_ERROR cannot increment or decrement non-numeric value|CLIENT_ERROR cannot increment or decrement non-numeric value|")]
    public async Task Commands_InOneGo_AreAnsweredAsOnThisSiloAsync(string requests, string answers)
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();

        Assert.Equal((requests, answers), (requests, await silos.AskAsync(requests)));
    }

    [Fact]
    public async Task Debug_OfAnItemElsewhere_TellsWhatIsKnownAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();
        await silos.AskAsync("ms Zm9v 1 b T50 E7|a|");

        Assert.StartsWith(
            "ME Zm9v exp=50 la=0 cas=7 fetch=no cls=1 size=", await silos.AskAsync("me foo|"), StringComparison.Ordinal);
        Assert.Equal("EN|", await silos.AskAsync("me k|"));
        Assert.Equal(2, silos.Counters.CmdMeta);
    }

    [Fact]
    public async Task Counters_OfARemoteShard_AreThoseOfALocalOneAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();

        await silos.AskAsync("mg k|mg k N30|mg k T30|ms k 1|5|ms k 1 C1|5|");
        await silos.AskAsync("ma k|ma no MD|ma new N30|md k I|md k C1|md k|");

        Assert.Equal((2L, 1L, 1L), (silos.Counters.CmdGet, silos.Counters.GetHits, silos.Counters.GetMisses));
        Assert.Equal((1L, 1L), (silos.Counters.CmdTouch, silos.Counters.TouchHits));
        Assert.Equal((2L, 1L), (silos.Counters.CmdSet, silos.Counters.CasBadValue));
        Assert.Equal((1L, 1L), (silos.Counters.IncrHits, silos.Counters.DecrMisses));
        Assert.Equal((1L, 1L), (silos.Counters.DeleteHits, silos.Counters.DeleteMisses));
        Assert.Equal(11, silos.Counters.RemoteOperations);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(LongBytes)]
    public async Task LongValue_ElsewhereOrHere_IsStoredAndReadInAllModesAsync(int length)
    {
        using TwoSilos remote = await TwoSilos.WithTheShardElsewhereAsync();
        using TwoSilos local = await TwoSilos.WithAReplicaAsync();
        foreach (TwoSilos silos in new[] { remote, local })
        {
            Task<string> AskAsync(string text) => silos.AskAsync(text, silos.Replicate);
            string value = new('v', length);
            Assert.Equal("NS kk|", await AskAsync($"ms k {length} MA k|{value}|"));
            Assert.Equal("NS|", await AskAsync($"ms k {length} MR|{value}|"));
            Assert.Equal("NF|", await AskAsync($"ms k {length} C5|{value}|"));
            Assert.Equal($"HD c7 s{length} kk|", await AskAsync($"ms k {length} MA N50 T99 F3 E7 c s k|{value}|"));
            Assert.Equal($"VA {length} f3 t50 c7 s{length} h0|{value}|", await AskAsync("mg k v f t c s h|"));
            Assert.Equal("NS c0|", await AskAsync($"ms k {length} ME c|{value}|"));
            Assert.Equal("EX|", await AskAsync($"ms k {length} MP C8|{value}|"));
            Assert.Equal($"HD s{length + 1} c9|", await AskAsync("ms k 1 MA C7 E9 s c|w|"));
            Assert.Equal($"HD s{2 * length + 1}|", await AskAsync($"ms k {length} MP C9 s E10|{new string('u', length)}|"));
            Assert.Equal(
                $"VA {2 * length + 1} f3 t50|{new string('u', length)}{value}w|", await AskAsync("mg k v f t|"));
            Assert.Equal("", await AskAsync($"ms k {length} q T50 E20|{value}|"));
            Assert.Equal("CLIENT_ERROR bad data chunk|", await AskAsync($"ms k {length} q|{value}xx"));
            Assert.Equal("HD c20|", await AskAsync("mg k c|"));
        }
    }

    [Fact]
    public async Task LongValue_ThatIsReadFirst_IsDoneWithOnceAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();
        string value = new('v', LongBytes);
        await silos.AskAsync($"ms k {LongBytes} E5|{value}|");

        Assert.Equal(
            $"HD|VA {LongBytes} t-1 X W|{value}|VA {LongBytes} t30 Z X|{value}|HD Z X|EN|",
            await silos.AskAsync("md k I E6|mg k v t T30|mg k v t|mg k v C6|mg no|"));
        Assert.Equal(2, silos.Counters.GetHits);
        Assert.Equal(1, silos.Counters.TouchHits);
    }

    [Fact]
    public async Task LateLongValue_IsStaleAndKeepsItsTimeAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();
        string value = new('v', LongBytes);
        await silos.AskAsync("ms k 1 E100 T50|a|");

        Assert.Equal("HD|", await silos.AskAsync($"ms k {LongBytes} C99 I F2|{value}|"));

        Assert.Equal($"VA {LongBytes} f2 t50 X W|{value}|", await silos.AskAsync("mg k v f t|"));
    }

    [Fact]
    public async Task TooLargeValue_DropsTheOldOneElsewhereAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();
        string value = new('v', (4 << 20) + 1);
        await silos.AskAsync("ms Zm9v 1 b|a|");

        Assert.Equal(
            "SERVER_ERROR object too large for cache|", await silos.AskAsync($"ms Zm9v {value.Length} b MA|{value}|"));

        Assert.Equal("EN|", await silos.AskAsync("mg foo|"));
    }

    [Fact]
    public async Task Change_ThatAReplicaHas_IsAnsweredThenAsync()
    {
        using TwoSilos silos = await TwoSilos.WithAReplicaAsync();

        Assert.Equal(
            "HD kk s1|VA 1|6|HD|NF|EX|",
            await silos.AskAsync("ms k 1 k s|5|ma k v|md k|md k|set k 0 0 1 noreply|a|md k C1|", silos.Replicate));
    }

    [Fact]
    public async Task Change_ThatAReplicaMayNotHave_HasAnUnknownOutcomeAsync()
    {
        using TwoSilos silos = await TwoSilos.WithAReplicaAsync();

        Assert.Equal(
            "SERVER_ERROR outcome unknown: connection to the owner lost|",
            await silos.AskAsync("ms k 1 q|5|", silos.GiveUp));
    }
}
