using Granary.Memcached.Protocol.Binary;

namespace Granary.Memcached.Tests.Binary;

/// <summary>incr, decr, and their quiet forms.</summary>
public sealed class BinaryCountTests : IDisposable
{
    private readonly BinaryTalk _talk = new();

    public void Dispose() => _talk.Dispose();

    [Fact]
    public void Count_OfANumber_TellsTheNewOneAndItsCas()
    {
        _talk.Text("set k 6 100 2|10|");

        BinaryReply reply = Assert.Single(_talk.Send(Ask.Increment("k", 5)));
        Assert.Equal(("15", _talk.CasOf("k")), (reply.Value, reply.Cas));
        _talk.Says(Ask.Decrement("k", 6), "Decrement Success 9 +cas");
        _talk.Says(Ask.Decrement("k", 100), "Decrement Success 0 +cas");
        _talk.Says(Ask.Increment("k", ulong.MaxValue), "Increment Success 18446744073709551615 +cas");
        _talk.Says(Ask.Increment("k", 1), "Increment Success 0 +cas");

        Assert.Equal("HD f6 t100|", _talk.Text("mg k f t|"));
    }

    [Fact]
    public void Count_OfAnAbsentKey_CreatesItIfItMay()
    {
        _talk.Says(Ask.Increment("k", 1, initial: 5), "Increment NotFound Not found");
        _talk.Says(Ask.Increment("k", 1, initial: 5, seconds: 100), "Increment Success 5 +cas");
        Assert.Equal("VA 1 f0 t100|5|", _talk.Text("mg k v f t|"));
        _talk.Says(Ask.Decrement("d", 1, initial: ulong.MaxValue, seconds: 0), "Decrement Success 18446744073709551615 +cas");
        _talk.Says(Ask.Decrement("d", 1, initial: 7, seconds: 0), "Decrement Success 18446744073709551614 +cas");
        Assert.Equal("HD t-1|", _talk.Text("mg d t|"));
    }

    [Fact]
    public void Count_OfAWord_IsRefused()
    {
        _talk.Text("set k 0 0 1|x|");

        _talk.Says(Ask.Increment("k", 1, seconds: 0), "Increment NotNumeric Non-numeric server-side value for incr or decr");
        _talk.Says(
            Ask.Count(BinaryOpcode.DecrementQuiet, "k", 1),
            "DecrementQuiet NotNumeric Non-numeric server-side value for incr or decr");
    }

    [Fact]
    public void Count_WithACas_IsACondition()
    {
        _talk.Text("set k 0 0 1|1|");

        _talk.Says(Ask.Increment("k", 1, cas: 1 << 30), "Increment Exists Data exists for key.");
        _talk.Says(Ask.Increment("k", 1, cas: _talk.CasOf("k")), "Increment Success 2 +cas");
        _talk.Says(Ask.Increment("n", 1, initial: 3, seconds: 0, cas: 5), "Increment Success 3 +cas");
    }

    [Fact]
    public void QuietCounts_ThatSucceed_AreSilent()
    {
        _talk.Says(
            [
                .. Ask.Count(BinaryOpcode.IncrementQuiet, "k", 1, 5, 0), .. Ask.Count(BinaryOpcode.IncrementQuiet, "k", 3),
                .. Ask.Count(BinaryOpcode.DecrementQuiet, "k", 1), .. Ask.Count(BinaryOpcode.DecrementQuiet, "no", 1),
                .. Ask.Get("k"),
            ],
            "DecrementQuiet NotFound Not found",
            "Get Success f0 7 +cas");
    }

    [Fact]
    public void Counters_OfCounts_AreThoseOfMemcached()
    {
        _talk.Send([.. Ask.Increment("k", 1), .. Ask.Increment("k", 1, 5, 0), .. Ask.Increment("k", 1), .. Ask.Decrement("no", 1)]);
        _talk.Send([.. Ask.Decrement("k", 1), .. Ask.Decrement("k", 1, cas: 1 << 30)]);

        var counters = _talk.Client.Counters;
        Assert.Equal(
            (1L, 1L, 1L, 1L), (counters.IncrHits, counters.IncrMisses, counters.DecrHits, counters.DecrMisses));
    }
}
