using Granary.Memcached.Protocol.Binary;

namespace Granary.Memcached.Tests.Binary;

/// <summary>set, add, replace, append, prepend, delete, and their quiet forms.</summary>
public sealed class BinaryStorageTests : IDisposable
{
    private const int Limit = 1 << 20;

    private readonly BinaryTalk _talk = new();

    public void Dispose() => _talk.Dispose();

    [Fact]
    public void Set_WithFlagsAndTime_IsReadByATextClient()
    {
        ulong cas = Assert.Single(_talk.Send(Ask.Set("k", "ab", flags: 0xDEAD_BEEF, seconds: 100))).Cas;

        Assert.Equal($"VALUE k 3735928559 2 {cas}|ab|END|", _talk.Text("gets k|"));
        Assert.Equal("HD t100|", _talk.Text("mg k t|"));
    }

    [Fact]
    public void Set_WithACas_IsACondition()
    {
        _talk.Says(Ask.Set("k", "a", cas: 5), "Set NotFound Not found");
        _talk.Says(Ask.Set("k", "a"), "Set Success +cas");
        ulong cas = _talk.CasOf("k");

        _talk.Says(Ask.Set("k", "b", cas: cas + 1), "Set Exists Data exists for key.");
        BinaryReply stored = Assert.Single(_talk.Send(Ask.Set("k", "c", cas: cas)));

        Assert.Equal(BinaryStatus.Success, stored.Status);
        Assert.Equal(stored.Cas, _talk.CasOf("k"));
        Assert.NotEqual(cas, stored.Cas);
        _talk.Says(Ask.Get("k"), "Get Success f0 c +cas");
    }

    [Fact]
    public void Add_OfAPresentKey_IsRefused()
    {
        _talk.Says(Ask.Store(BinaryOpcode.Add, "k", "a"), "Add Success +cas");
        _talk.Says(Ask.Store(BinaryOpcode.Add, "k", "b"), "Add Exists Data exists for key.");
        _talk.Says(Ask.Store(BinaryOpcode.Add, "no", "b", cas: 7), "Add NotFound Not found");
        _talk.Says(Ask.Store(BinaryOpcode.Add, "k", "c", cas: _talk.CasOf("k")), "Add Success +cas");
        _talk.Says(Ask.Get("k"), "Get Success f0 c +cas");
    }

    [Fact]
    public void Replace_OfAnAbsentKey_IsRefused()
    {
        _talk.Says(Ask.Store(BinaryOpcode.Replace, "k", "a"), "Replace NotFound Not found");
        _talk.Text("set k 0 0 1|a|");
        _talk.Says(Ask.Store(BinaryOpcode.Replace, "k", "b", flags: 4), "Replace Success +cas");
        _talk.Says(Ask.Store(BinaryOpcode.Replace, "k", "c", cas: 1 << 30), "Replace Exists Data exists for key.");
        _talk.Says(Ask.Get("k"), "Get Success f4 b +cas");
    }

    [Fact]
    public void AppendAndPrepend_KeepFlagsAndCompareACas()
    {
        _talk.Says(Ask.Append("k", "b"), "Append NotStored Not stored.");
        _talk.Says(Ask.Append("k", "b", cas: 5), "Append NotStored Not stored.");
        _talk.Text("set k 9 100 1|b|");

        _talk.Says(Ask.Append("k", "c"), "Append Success +cas");
        _talk.Says(Ask.Append("k", "a", opcode: BinaryOpcode.Prepend), "Prepend Success +cas");
        _talk.Says(Ask.Append("k", "x", cas: 1 << 30), "Append Exists Data exists for key.");
        _talk.Says(Ask.Append("k", "0", _talk.CasOf("k"), BinaryOpcode.Prepend), "Prepend Success +cas");

        Assert.Equal("VA 4 f9 t100|0abc|", _talk.Text("mg k v f t|"));
    }

    [Fact]
    public void Delete_WithACas_IsACondition()
    {
        _talk.Says(Ask.Delete("k"), "Delete NotFound Not found");
        _talk.Says(Ask.Delete("k", cas: 5), "Delete NotFound Not found");
        _talk.Text("set k 0 0 1|a|");

        _talk.Says(Ask.Delete("k", cas: 1 << 30), "Delete Exists Data exists for key.");
        _talk.Says(Ask.Delete("k", _talk.CasOf("k")), "Delete Success");
        _talk.Says(Ask.Get("k"), "Get NotFound Not found");
    }

    [Fact]
    public void QuietStores_ThatSucceed_AreSilentAndThoseThatFailAreNot()
    {
        _talk.Says(
            [
                .. Ask.Store(BinaryOpcode.SetQuiet, "k", "b"), .. Ask.Store(BinaryOpcode.AddQuiet, "k", "x"),
                .. Ask.Store(BinaryOpcode.AddQuiet, "n", "x"), .. Ask.Store(BinaryOpcode.ReplaceQuiet, "no", "x"),
                .. Ask.Store(BinaryOpcode.ReplaceQuiet, "n", "y"), .. Ask.Append("k", "c", 0, BinaryOpcode.AppendQuiet),
                .. Ask.Append("no", "c", 0, BinaryOpcode.AppendQuiet), .. Ask.Append("k", "a", 0, BinaryOpcode.PrependQuiet),
                .. Ask.Append("no", "a", 0, BinaryOpcode.PrependQuiet), .. Ask.Get("k"), .. Ask.Get("n"),
                .. Ask.Delete("n", 0, BinaryOpcode.DeleteQuiet), .. Ask.Delete("n", 0, BinaryOpcode.DeleteQuiet), .. Ask.NoOp(),
            ],
            "AddQuiet Exists Data exists for key.",
            "ReplaceQuiet NotFound Not found",
            "AppendQuiet NotStored Not stored.",
            "PrependQuiet NotStored Not stored.",
            "Get Success f0 abc +cas",
            "Get Success f0 y +cas",
            "DeleteQuiet NotFound Not found",
            "NoOp Success");
    }

    [Theory]
    [InlineData((byte)BinaryOpcode.Set, true)]
    [InlineData((byte)BinaryOpcode.SetQuiet, true)]
    [InlineData((byte)BinaryOpcode.Add, false)]
    [InlineData((byte)BinaryOpcode.ReplaceQuiet, false)]
    public void Value_OverTheLimit_IsSwallowedAndOfASetTheOldOneDropped(byte number, bool drops)
    {
        var opcode = (BinaryOpcode)number;
        _talk.Text("set k 0 0 1|a|");

        _talk.Says(
            [.. Ask.Store(opcode, "k", new string('v', Limit + 1)), .. Ask.Get("k", BinaryOpcode.GetQuiet), .. Ask.NoOp()],
            drops
                ? [$"{opcode} TooLarge Too large.", "NoOp Success"]
                : [$"{opcode} TooLarge Too large.", "GetQuiet Success f0 a +cas", "NoOp Success"]);

        Assert.Equal(1, _talk.Client.Counters.TooLarge);
    }

    [Fact]
    public void Value_OfTheLimit_IsStored()
    {
        string value = new('v', Limit);

        _talk.Says([.. Ask.Set("k", value, flags: 2), .. Ask.Get("k")], "Set Success +cas", $"Get Success f2 {value} +cas");
        _talk.Says(Ask.Append("k", "x"), "Append NotStored Not stored.");
        _talk.Says(Ask.Append("k", new string('x', Limit + 1)), "Append TooLarge Too large.");
        Assert.Equal("HD s1048576|", _talk.Text("mg k s|"));
    }

    [Fact]
    public void Value_OfTheGreatestBody_HoldsNoMemory()
    {
        byte[] header = Ask.Header(BinaryOpcode.Set, keyLength: 1, extrasLength: 8, bodyLength: uint.MaxValue);

        _talk.Says([.. header, .. new byte[8], (byte)'k', .. new byte[100_000]], "Set TooLarge Too large.");

        Assert.Equal(0, _talk.Client.HeldBytes);
        Assert.False(_talk.Client.IsClosed);
    }

    [Fact]
    public void LongValue_OfEveryMode_IsTakenInParts()
    {
        string value = new('v', 300_000);

        _talk.Says(Ask.Store(BinaryOpcode.Replace, "k", value), "Replace NotFound Not found");
        _talk.Says(Ask.Append("k", value), "Append NotStored Not stored.");
        _talk.Says(Ask.Store(BinaryOpcode.AddQuiet, "k", value));
        _talk.Says(Ask.Store(BinaryOpcode.Add, "k", value), "Add Exists Data exists for key.");
        _talk.Says(Ask.Set("k", value, cas: 1 << 30), "Set Exists Data exists for key.");
        _talk.Says(Ask.Append("k", value, 1 << 30), "Append Exists Data exists for key.");
        _talk.Says(Ask.Append("k", value, _talk.CasOf("k")), "Append Success +cas");
        _talk.Says(Ask.Get("k"), $"Get Success f0 {value}{value} +cas");
    }

    [Fact]
    public void Counters_OfStoresAndDeletes_AreThoseOfMemcached()
    {
        _talk.Send([.. Ask.Set("k", "a"), .. Ask.Store(BinaryOpcode.Add, "k", "a"), .. Ask.Set("no", "a", cas: 3)]);
        _talk.Send([.. Ask.Set("k", "a", cas: 1 << 30), .. Ask.Set("k", "b", cas: _talk.CasOf("k"))]);
        _talk.Send([.. Ask.Delete("k", 1 << 30), .. Ask.Delete("k"), .. Ask.Delete("k")]);

        var counters = _talk.Client.Counters;
        Assert.Equal((5L, 1L, 1L, 1L), (counters.CmdSet, counters.CasHits, counters.CasMisses, counters.CasBadValue));
        Assert.Equal((1L, 1L), (counters.DeleteHits, counters.DeleteMisses));
    }
}
