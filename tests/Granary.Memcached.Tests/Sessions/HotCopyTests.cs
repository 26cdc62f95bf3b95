using System.Text;
using Granary.Memcached.Tests.Binary;
using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Sessions;

/// <summary>A key of another silo that is read so often that this one answers.</summary>
public sealed class HotCopyTests
{
    private const int HotReadCount = 16;
    private const int LongBytes = 700_000; // of pages: over 64 KiB, and more than one

    // mg without a value is the owner's, and what follows it in one go as well.
    [Theory]
    [InlineData("get k|")]
    [InlineData("gets k|")]
    [InlineData("mg k v|")]
    [InlineData("mg k v f c t s k h O1|")]
    [InlineData("mg k v q|")]
    public async Task Read_FromACopy_IsAnsweredAsByTheOwnerAsync(string command)
    {
        using TwoSilos silos = await HeatAsync("ms k 2 F5 T50 E7|ab|");
        string byOwner = (await silos.AskAsync($"mg k|{command}"))["HD|".Length..];
        Assert.Equal(0, silos.HotCopyHits);

        Assert.Equal(byOwner, await silos.AskAsync(command));

        Assert.Equal(1, silos.HotCopyHits);
    }

    [Fact]
    public async Task BinaryRead_FromACopy_IsAnsweredAsByTheOwnerAsync()
    {
        using TwoSilos silos = await TwoSilos.WithHotCopiesAsync();
        await silos.AskAsync([.. Ask.Set("k", "ab", flags: 7)]);
        string byOwner = await silos.AskAsync([.. Ask.Get("k")]);
        await HeatAsync(silos, [.. Ask.Get("k")]);
        long hits = silos.HotCopyHits;

        Assert.Equal(byOwner, await silos.AskAsync([.. Ask.Get("k")]));

        Assert.Equal(hits + 1, silos.HotCopyHits);
    }

    [Fact]
    public async Task Counters_OfACopysAnswers_AreThoseOfRemoteOnesAsync()
    {
        using TwoSilos silos = await HeatAsync("set k 0 0 2|ab|");
        (long gets, long hits, long remote) = (silos.Counters.CmdGet, silos.Counters.GetHits, silos.Counters.RemoteOperations);

        await silos.AskAsync("get k|mg k v|");

        Assert.Equal(
            (gets + 2, hits + 2, remote + 2), (silos.Counters.CmdGet, silos.Counters.GetHits, silos.Counters.RemoteOperations));
    }

    [Theory]
    [InlineData("set k 0 0 1|x|", "VALUE k 0 1|x|END|")]
    [InlineData("append k 0 0 1 noreply|x|", "VALUE k 0 3|abx|END|")]
    [InlineData("delete k|", "END|")]
    [InlineData("ms k 1 MS|x|", "VALUE k 0 1|x|END|")]
    [InlineData("touch k -1|", "END|")]
    [InlineData("gat -1 k|", "END|")]
    public async Task OwnChange_IsSeenAtOnceAsync(string change, string then)
    {
        using TwoSilos silos = await HeatAsync("set k 0 0 2|ab|");
        silos.Teller.Hold();

        await silos.AskAsync(change);

        Assert.Equal(then, await silos.AskAsync("get k|"));
    }

    [Fact]
    public async Task OwnChange_ByALongValue_IsSeenAtOnceAsync()
    {
        using TwoSilos silos = await HeatAsync("set k 0 0 2|ab|");
        silos.Teller.Hold();

        Assert.Equal("STORED|", await silos.AskAsync($"set k 0 0 {LongBytes}|{new string('x', LongBytes)}|"));

        Assert.StartsWith($"VALUE k 0 {LongBytes}|", await silos.AskAsync("get k|"), StringComparison.Ordinal);
    }

    private static async Task<TwoSilos> HeatAsync(string store)
    {
        TwoSilos silos = await TwoSilos.WithHotCopiesAsync();
        await silos.AskAsync(store);
        await HeatAsync(silos, Encoding.ASCII.GetBytes("get k\r\n"));
        return silos;
    }

    private static async Task HeatAsync(TwoSilos silos, byte[] read)
    {
        for (int count = 0; count < HotReadCount; count++)
        {
            await silos.AskAsync(read);
        }

        await silos.Teller.WaitUntilAskedAsync(); // where the log ends
        await silos.Teller.WaitUntilAskedAsync(); // what comes
        await silos.AskAsync(read);
    }
}
