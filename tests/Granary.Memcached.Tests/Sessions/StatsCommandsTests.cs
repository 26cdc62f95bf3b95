using System.Globalization;
using Granary.Memcached.Tests.Meta;

namespace Granary.Memcached.Tests.Sessions;

/// <summary>The words of stats, and of the commands about memory that is divided into classes (rules of section 9).</summary>
public sealed class StatsCommandsTests : IDisposable
{
    private readonly MetaTalk _talk = new();

    [Fact]
    public void Items_AreOneClass()
    {
        _talk.Says("stats items|", "END|");
        _talk.Ask("set a 0 0 3|abc|set b 0 0 5|abcde|");

        Dictionary<string, long> items = Statistics("items");
        Assert.Equal(2, items["items:1:number"]);
        Assert.Equal(Statistics("")["bytes"], items["items:1:mem_requested"]);
        Assert.Equal(0, items["items:1:evicted"]);
    }

    [Fact]
    public void Slabs_AreOneClassOfTheMeanSize()
    {
        Assert.Equal(0, Statistics("slabs")["active_slabs"]);
        _talk.Ask("set a 0 0 3|abc|set b 0 0 5|abcde|get a|get c|");

        Dictionary<string, long> slabs = Statistics("slabs");
        long mean = slabs["1:chunk_size"];
        Assert.Equal(mean, (Statistics("")["bytes"] + 1) / 2);
        Assert.Equal((1 << 20) / mean, slabs["1:chunks_per_page"]);
        Assert.Equal(2, slabs["1:used_chunks"]);
        Assert.Equal(slabs["1:total_chunks"], slabs["1:used_chunks"] + slabs["1:free_chunks"]);
        Assert.Equal(1, slabs["1:get_hits"]);
        Assert.Equal(2, slabs["1:cmd_set"]);
        Assert.Equal(1, slabs["active_slabs"]);
        Assert.True(slabs["total_malloced"] > 0);
    }

    [Fact]
    public void Sizes_SayThatThereAreNone() => _talk.Says("stats sizes|", "STAT sizes_status disabled|END|");

    [Fact]
    public void Reset_LetsCountersBeginAnew()
    {
        _talk.Ask("set a 0 0 3|abc|get a|get a|get c|");
        _talk.Says("stats reset|", "RESET|");

        Dictionary<string, long> after = Statistics("");
        Assert.All(["cmd_get", "cmd_set", "get_hits", "get_misses", "total_items"], name => Assert.Equal(0, after[name]));
        Assert.Equal(1, after["curr_items"]);
        Assert.Equal(0, Statistics("slabs")["1:get_hits"]);

        _talk.Ask("get a|");
        Assert.Equal(1, Statistics("")["get_hits"]);
        Assert.Equal(1, Statistics("slabs")["1:get_hits"]);
        Assert.Equal(3, _talk.Counters.GetHits); // metrics are read from it
    }

    [Fact]
    public void CacheDump_HasLengthAndExpiration()
    {
        _talk.Ask("set a 0 100 3|abc|set b 0 0 0||");

        string[] lines = _talk.Ask("stats cachedump 1 0|").Split('|');
        Assert.Equal(
            "END|ITEM a [3 b; 1767225700 s]|ITEM b [0 b; 0 s]", string.Join('|', lines[..^1].Order(StringComparer.Ordinal)));
        Assert.Equal(2, _talk.Ask("stats cachedump 1 1|").Split('|').Length - 1);
    }

    [Theory]
    [InlineData("stats cachedump 2 0|", "END|")]
    [InlineData("stats cachedump 63 0|", "END|")]
    [InlineData("stats cachedump 64 0|", "CLIENT_ERROR Illegal slab id|")]
    [InlineData("stats cachedump x 0|", "CLIENT_ERROR bad command line format|")]
    [InlineData("stats cachedump 1 -1|", "CLIENT_ERROR bad command line format|")]
    [InlineData("stats cachedump 1|", "CLIENT_ERROR bad command line|")]
    [InlineData("stats cachedump|", "CLIENT_ERROR bad command line|")]
    [InlineData("stats nosuch|", "ERROR|")]
    [InlineData("slabs reassign 1 2|", "CLIENT_ERROR slab reassignment disabled|")]
    [InlineData("slabs automove 1|", "CLIENT_ERROR slab reassignment disabled|")]
    [InlineData("slabs|", "ERROR|")]
    [InlineData("slabs x|", "ERROR|")]
    [InlineData("lru_crawler crawl all|", "CLIENT_ERROR lru crawler disabled|")]
    [InlineData("lru_crawler enable|", "CLIENT_ERROR lru crawler disabled|")]
    [InlineData("lru_crawler x|", "ERROR|")]
    [InlineData("lru_crawler|", "ERROR|")]
    [InlineData("lru_crawler metadump|", "ERROR|")]
    [InlineData("lru_crawler metadump 2|", "BADCLASS invalid class id|")]
    public void What_IsNotHere_IsAnsweredAsByAMemcachedWithoutIt(string request, string answer) => _talk.Says(request, answer);

    public void Dispose() => _talk.Dispose();

    // Those that are numbers.
    private Dictionary<string, long> Statistics(string section)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string line in _talk.Ask($"stats {section}|").Split('|'))
        {
            if (line.Split(' ', 3) is ["STAT", string name, string value]
                && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                numbers.Add(name, number);
            }
        }

        return numbers;
    }
}
