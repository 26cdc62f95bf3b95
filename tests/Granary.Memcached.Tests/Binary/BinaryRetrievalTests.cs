using Granary.Memcached.Protocol.Binary;

namespace Granary.Memcached.Tests.Binary;

/// <summary>get, getk, gat, gatk, touch, and their quiet forms.</summary>
public sealed class BinaryRetrievalTests : IDisposable
{
    private readonly BinaryTalk _talk = new();

    public void Dispose() => _talk.Dispose();

    [Fact]
    public void Get_OfAHitAndAMiss_TellsFlagsValueAndCas()
    {
        _talk.Text("set k 4294967295 0 2|ab|");

        _talk.Says(Ask.Get("k"), "Get Success f4294967295 ab +cas");
        _talk.Says(Ask.Get("no"), "Get NotFound Not found");
    }

    [Fact]
    public void GetKey_OfAHitAndAMiss_TellsTheKey()
    {
        _talk.Text("set k 0 0 0||");

        _talk.Says(Ask.Get("k", BinaryOpcode.GetKey), "GetKey Success f0 k=k +cas");
        _talk.Says(Ask.Get("no", BinaryOpcode.GetKey), "GetKey NotFound k=no");
    }

    [Fact]
    public void QuietGets_OfMisses_AreSilentAndHitsKeepTheirOrder()
    {
        _talk.Text("set a 1 0 1|A|set b 2 0 1|B|");

        _talk.Says(
            [
                .. Ask.Get("no", BinaryOpcode.GetQuiet), .. Ask.Get("b", BinaryOpcode.GetQuiet),
                .. Ask.Get("no", BinaryOpcode.GetKeyQuiet), .. Ask.Get("a", BinaryOpcode.GetKeyQuiet),
                .. Ask.Touch("no", 9, BinaryOpcode.GetAndTouchQuiet), .. Ask.Touch("a", 9, BinaryOpcode.GetAndTouchQuiet),
                .. Ask.Touch("no", 9, BinaryOpcode.GetKeyAndTouchQuiet),
                .. Ask.Touch("b", 9, BinaryOpcode.GetKeyAndTouchQuiet), .. Ask.NoOp(),
            ],
            "GetQuiet Success f2 B +cas",
            "GetKeyQuiet Success f1 k=a A +cas",
            "GetAndTouchQuiet Success f1 A +cas",
            "GetKeyAndTouchQuiet Success f2 k=b B +cas",
            "NoOp Success");
    }

    [Fact]
    public void Opaque_OfARequest_ComesBack()
    {
        BinaryReply reply = Assert.Single(_talk.Send(Ask.For(BinaryOpcode.Get, "no", opaque: 0xFEDC_BA98)));

        Assert.Equal(0xFEDC_BA98, reply.Opaque);
    }

    [Theory]
    [InlineData((byte)BinaryOpcode.Touch, "Touch Success f7 +cas", "Touch NotFound Not found")]
    [InlineData((byte)BinaryOpcode.GetAndTouch, "GetAndTouch Success f7 ab +cas", "GetAndTouch NotFound Not found")]
    [InlineData((byte)BinaryOpcode.GetKeyAndTouch, "GetKeyAndTouch Success f7 k=k ab +cas", "GetKeyAndTouch NotFound k=no")]
    public void Touches_OfAHit_GiveItATime(byte opcode, string hit, string miss)
    {
        _talk.Text("set k 7 0 2|ab|");
        ulong cas = _talk.CasOf("k");

        _talk.Says(Ask.Touch("k", 100, (BinaryOpcode)opcode), hit);
        _talk.Says(Ask.Touch("no", 100, (BinaryOpcode)opcode), miss);

        Assert.Equal("HD t100|", _talk.Text("mg k t|"));
        Assert.Equal(cas, _talk.CasOf("k"));
        _talk.Wait(101);
        _talk.Says(Ask.Get("k"), "Get NotFound Not found");
    }

    [Fact]
    public void Touch_WithTimes_ReadsThemWithoutASign()
    {
        _talk.Text("set k 0 100 1|a|");

        _talk.Says(Ask.Touch("k", 0), "Touch Success f0 +cas");
        Assert.Equal("HD t-1|", _talk.Text("mg k t|"));
        _talk.Says(Ask.Touch("k", uint.MaxValue), "Touch Success f0 +cas"); // the year 2106
        Assert.Equal("HD|", _talk.Text("mg k|"));
        _talk.Says(Ask.Touch("k", 2_592_001), "Touch Success f0 +cas"); // a time of 1970
        Assert.Equal("EN|", _talk.Text("mg k|"));
    }

    [Fact]
    public void Get_OfAStaleEntry_LeavesItsTokenToMeta()
    {
        _talk.Text("set k 0 0 1|a|md k I|");

        _talk.Says([.. Ask.Get("k"), .. Ask.Touch("k", 9, BinaryOpcode.GetAndTouch)],
            "Get Success f0 a +cas", "GetAndTouch Success f0 a +cas");

        Assert.Equal("HD X W|", _talk.Text("mg k|"));
    }

    [Theory]
    [InlineData("a key")]
    [InlineData("\0")]
    [InlineData("\r\n")]
    [InlineData("\u0080\u00ff")]
    public void Key_OfAnyBytes_IsAKey(string key)
    {
        _talk.Says(Ask.Set(key, "a"), "Set Success +cas");
        _talk.Says(Ask.Get(key, BinaryOpcode.GetKey), $"GetKey Success f0 k={key} a +cas");
        _talk.Says(Ask.Delete(key), "Delete Success");
    }

    [Fact]
    public void LongValue_OfThisSilo_IsSentWholeAndBetweenOthers()
    {
        string value = new('v', 900_000);
        _talk.Says([.. Ask.Set("long", value, flags: 3), .. Ask.Set("k", "a")], "Set Success +cas", "Set Success +cas");

        _talk.Says(
            [
                .. Ask.Get("k"), .. Ask.Get("long", BinaryOpcode.GetKey), .. Ask.Get("k"),
                .. Ask.Touch("long", 50, BinaryOpcode.GetAndTouch), .. Ask.Touch("long", 60), .. Ask.NoOp(),
            ],
            "Get Success f0 a +cas",
            $"GetKey Success f3 k=long {value} +cas",
            "Get Success f0 a +cas",
            $"GetAndTouch Success f3 {value} +cas",
            "Touch Success f3 +cas",
            "NoOp Success");
        Assert.Equal("HD t60|", _talk.Text("mg long t|"));
    }

    [Fact]
    public void Counters_OfGetsAndTouches_AreThoseOfMemcached()
    {
        _talk.Text("set k 0 0 1|a|");

        _talk.Send([.. Ask.Get("k"), .. Ask.Get("no", BinaryOpcode.GetKeyQuiet), .. Ask.Touch("k", 9), .. Ask.Touch("no", 9)]);
        _talk.Send([.. Ask.Touch("k", 9, BinaryOpcode.GetAndTouch), .. Ask.Touch("no", 9, BinaryOpcode.GetAndTouchQuiet)]);

        Assert.Equal(
            (2L, 1L, 1L), (_talk.Client.Counters.CmdGet, _talk.Client.Counters.GetHits, _talk.Client.Counters.GetMisses));
        Assert.Equal(
            (4L, 2L, 2L),
            (_talk.Client.Counters.CmdTouch, _talk.Client.Counters.TouchHits, _talk.Client.Counters.TouchMisses));
    }
}
