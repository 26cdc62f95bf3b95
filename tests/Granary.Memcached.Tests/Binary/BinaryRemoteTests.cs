using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Binary;

/// <summary>Binary requests on a shard that another silo holds, or has a replica of.</summary>
public sealed class BinaryRemoteTests
{
    private const int LongBytes = 700_000; // of pages: over 64 KiB, over half a segment, and more than one page

    [Fact]
    public async Task Requests_InOneGo_AreAnsweredAsOnThisSiloAndInOrderAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();

        await SaysAsync(
            silos,
            [
                .. Ask.Get("k"), .. Ask.Get("k", BinaryOpcode.GetQuiet), .. Ask.Get("k", BinaryOpcode.GetKey),
                .. Ask.Set("k", "b", flags: 7), .. Ask.Store(BinaryOpcode.AddQuiet, "k", "x"), .. Ask.NoOp(),
                .. Ask.Append("k", "c"), .. Ask.Append("k", "a", 0, BinaryOpcode.PrependQuiet), .. Ask.Append("k", "x", 1 << 30),
                .. Ask.Get("k", BinaryOpcode.GetKeyQuiet), .. Ask.Touch("k", 50), .. Ask.Touch("no", 50),
                .. Ask.Touch("k", 60, BinaryOpcode.GetAndTouch), .. Ask.Store(BinaryOpcode.Replace, "no", "x"),
                .. Ask.Set("k", "x", cas: 1 << 30), .. Ask.Delete("k", 1 << 30), .. Ask.Delete("k"),
                .. Ask.Delete("k"), .. Ask.For(BinaryOpcode.Stat, "no"),
            ],
            "Get NotFound Not found",
            "GetKey NotFound k=k",
            "Set Success +cas",
            "AddQuiet Exists Data exists for key.",
            "NoOp Success",
            "Append Success +cas",
            "Append Exists Data exists for key.",
            "GetKeyQuiet Success f7 k=k abc +cas",
            "Touch Success f7 +cas",
            "Touch NotFound Not found",
            "GetAndTouch Success f7 abc +cas",
            "Replace NotFound Not found",
            "Set Exists Data exists for key.",
            "Delete Exists Data exists for key.",
            "Delete Success",
            "Delete NotFound Not found",
            "Stat NotFound Not found");
        Assert.Equal(17, silos.Counters.RemoteOperations);
        Assert.Equal((4L, 1L, 3L), (silos.Counters.CmdGet, silos.Counters.GetHits, silos.Counters.GetMisses));
        Assert.Equal((3L, 2L, 1L), (silos.Counters.CmdTouch, silos.Counters.TouchHits, silos.Counters.TouchMisses));
    }

    [Fact]
    public async Task Counts_Elsewhere_AreAnsweredAsOnThisSiloAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();

        await SaysAsync(
            silos,
            [
                .. Ask.Increment("k", 1), .. Ask.Increment("k", 1, 5, 100), .. Ask.Increment("k", 2),
                .. Ask.Count(BinaryOpcode.DecrementQuiet, "k", 3), .. Ask.Decrement("k", 9), .. Ask.Increment("k", 1, cas: 1 << 30),
                .. Ask.Set("k", "x"), .. Ask.Count(BinaryOpcode.IncrementQuiet, "k", 1),
            ],
            "Increment NotFound Not found",
            "Increment Success 5 +cas",
            "Increment Success 7 +cas",
            "Decrement Success 0 +cas",
            "Increment Exists Data exists for key.",
            "Set Success +cas",
            "IncrementQuiet NotNumeric Non-numeric server-side value for incr or decr");
        Assert.Equal((1L, 1L, 2L), (silos.Counters.IncrHits, silos.Counters.IncrMisses, silos.Counters.DecrHits));
    }

    [Fact]
    public async Task LongValue_ElsewhereOrHere_IsStoredAndReadAsync()
    {
        using TwoSilos remote = await TwoSilos.WithTheShardElsewhereAsync();
        using TwoSilos local = await TwoSilos.WithAReplicaAsync();
        string value = new('v', LongBytes);
        foreach (TwoSilos silos in new[] { remote, local })
        {
            await SaysAsync(
                silos,
                [
                    .. Ask.Get("k", BinaryOpcode.GetQuiet), .. Ask.Append("k", value), .. Ask.Set("k", value, 3, 100),
                    .. Ask.Store(BinaryOpcode.AddQuiet, "k", value), .. Ask.Store(BinaryOpcode.ReplaceQuiet, "k", value, 4),
                    .. Ask.Append("k", value, 1 << 30), .. Ask.Append("k", "w"), .. Ask.Get("k", BinaryOpcode.GetKeyQuiet),
                    .. Ask.Touch("k", 50), .. Ask.Touch("k", 60, BinaryOpcode.GetAndTouchQuiet), .. Ask.NoOp(),
                ],
                "Append NotStored Not stored.",
                "Set Success +cas",
                "AddQuiet Exists Data exists for key.",
                "Append Exists Data exists for key.",
                "Append Success +cas",
                $"GetKeyQuiet Success f4 k=k {value}w +cas",
                "Touch Success f4 +cas",
                $"GetAndTouchQuiet Success f4 {value}w +cas",
                "NoOp Success");
        }
    }

    [Fact]
    public async Task TooLargeValue_DropsTheOldOneElsewhereAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();
        string value = new('v', (4 << 20) + 1);

        await SaysAsync(
            silos,
            [.. Ask.Set("k", "a"), .. Ask.Set("k", value), .. Ask.Get("k"), .. Ask.Set("k", "b"),
                .. Ask.Store(BinaryOpcode.Add, "k", value), .. Ask.Get("k")],
            "Set Success +cas",
            "Set TooLarge Too large.",
            "Get NotFound Not found",
            "Set Success +cas",
            "Add TooLarge Too large.",
            "Get Success f0 b +cas");
    }

    [Fact]
    public async Task MoreRequests_ThanArePlannedAtOnce_AreAllAnsweredAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();
        byte[] stores = [.. Enumerable.Range(0, 300).SelectMany(number => Ask.Set($"k{number}", $"v{number}"))];
        byte[] gets = [.. Enumerable.Range(0, 300).SelectMany(number => Ask.Get($"k{number}", BinaryOpcode.GetQuiet))];

        await SaysAsync(silos, stores, [.. Enumerable.Repeat("Set Success +cas", 300)]);
        await SaysAsync(
            silos, [.. gets, .. Ask.For(BinaryOpcode.Quit)],
            [.. Enumerable.Range(0, 300).Select(number => $"GetQuiet Success f0 v{number} +cas"), "Quit Success"]);
    }

    [Fact]
    public async Task WrongRequest_BehindPlannedOnes_ClosesWhenTheyAreAnsweredAsync()
    {
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();

        await SaysAsync(
            silos,
            [.. Ask.Set("k", "a"), .. Ask.Header(BinaryOpcode.Get), .. Ask.NoOp()],
            "Set Success +cas",
            "Get InvalidArguments Invalid arguments");
    }

    [Fact]
    public async Task Change_ThatAReplicaHas_IsAnsweredThenAsync()
    {
        using TwoSilos silos = await TwoSilos.WithAReplicaAsync();

        await SaysAsync(
            silos,
            [.. Ask.Set("k", "5"), .. Ask.Store(BinaryOpcode.SetQuiet, "q", "a"), .. Ask.Increment("k", 1), .. Ask.Touch("k", 9),
                .. Ask.Get("k"), .. Ask.Delete("k"), .. Ask.Delete("k")],
            "Set Success +cas",
            "Increment Success 6 +cas",
            "Touch Success f0 +cas",
            "Get Success f0 6 +cas",
            "Delete Success",
            "Delete NotFound Not found");
    }

    [Fact]
    public async Task Change_ThatAReplicaMayNotHave_HasAnUnknownOutcomeAlsoIfQuietAsync()
    {
        using TwoSilos silos = await TwoSilos.WithAReplicaAsync();

        string answers = await silos.AskAsync(
            [.. Ask.Store(BinaryOpcode.SetQuiet, "k", "5"), .. Ask.For(BinaryOpcode.Delete, "k", opaque: 77)], silos.GiveUp);

        Assert.Equal(
            ["SetQuiet Unknown outcome unknown: connection to the owner lost",
                "Delete Unknown outcome unknown: connection to the owner lost"],
            BinaryReply.Describe(answers));
        Assert.Equal(77u, BinaryReply.ReadAll(answers)[1].Opaque);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task Flush_BehindOtherRequests_DropsWhatTheyStoredAsync(int extras)
    {
        using TwoSilos silos = await TwoSilos.WithAReplicaAsync();
        byte[] flush = Ask.For(BinaryOpcode.Flush, extras: new byte[extras], opaque: 3);
        byte[] quiet = Ask.For(BinaryOpcode.FlushQuiet, extras: new byte[extras]);

        await SaysAsync(
            silos,
            [.. Ask.Set("k", "a"), .. flush, .. Ask.Get("k"), .. Ask.Set("k", "b"), .. quiet, .. Ask.Get("k"), .. Ask.Set("k", "c"),
                .. Ask.Get("k")],
            "Set Success +cas",
            "Flush Success",
            "Get NotFound Not found",
            "Set Success +cas",
            "Get NotFound Not found",
            "Set Success +cas",
            "Get Success f0 c +cas");
        Assert.Equal(2, silos.Counters.CmdFlush);
    }

    [Fact]
    public async Task Flush_WithADelay_ComesThenAsync()
    {
        using TwoSilos silos = await TwoSilos.WithAReplicaAsync();

        await SaysAsync(
            silos,
            [.. Ask.Set("k", "a"), .. Ask.For(BinaryOpcode.Flush, extras: Ask.Numbers(3)), .. Ask.Get("k")],
            "Set Success +cas",
            "Flush Success",
            "Get Success f0 a +cas");
        silos.GiveUp(); // 4 s later

        await SaysAsync(silos, Ask.Get("k"), "Get NotFound Not found");
    }

    private static async Task SaysAsync(TwoSilos silos, byte[] requests, params string[] replies)
    {
        string answers = await silos.AskAsync(requests, silos.Replicate);
        Assert.Equal(replies, BinaryReply.Describe(answers));
    }
}
