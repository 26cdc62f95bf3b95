using System.Globalization;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Granary.Memcached.Tests.Meta;
using Microsoft.Extensions.Time.Testing;

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
    public async Task Reset_LeavesConnectionsWhereTheyAreAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions());
        await using TestClient first = await gateway.ConnectAsync();
        Assert.Equal("RESET\r\n", await first.AskAsync("stats reset\r\n", "RESET\r\n"));
        await using TestClient second = await gateway.ConnectAsync();

        await second.SendAsync("stats\r\nquit\r\n");
        string told = await second.ReceiveAllAsync();

        Assert.Contains("STAT curr_connections 2\r\nSTAT total_connections 1\r\nSTAT rejected_connections 0\r\n", told, StringComparison.Ordinal);
        Assert.Contains("STAT auth_errors 0\r\nSTAT bytes_read 13\r\n", told, StringComparison.Ordinal); // no more than this one's line
    }

    // Those of memcached's names that Granary has something to say of. Tools read them; what is missing here they pass over.
    [Fact]
    public void Statistics_HaveMemcachedsNames()
    {
        const string Names = "pid uptime time version pointer_size rusage_user rusage_system max_connections curr_connections "
            + "total_connections rejected_connections accepting_conns listen_disabled_num time_in_listen_disabled_us threads "
            + "conn_yields log_watcher_skipped log_watcher_sent log_watchers cmd_get cmd_set cmd_flush cmd_touch cmd_meta get_hits "
            + "get_misses get_expired get_flushed delete_misses delete_hits incr_misses incr_hits decr_misses decr_hits cas_misses "
            + "cas_hits cas_badval touch_hits touch_misses store_too_large store_no_memory auth_cmds auth_errors bytes_read "
            + "bytes_written limit_maxbytes bytes curr_items total_items evictions reclaimed";

        string told = _talk.Ask("stats|");

        Assert.Equal(Names, NamesOf(told));
        Assert.Matches(@"\|STAT rusage_user [0-9]+\.[0-9]{6}\|STAT rusage_system [0-9]+\.[0-9]{6}\|", told);
        Assert.Matches(@"^STAT pid [0-9]+\|STAT uptime 0\|STAT time 946684800\|STAT version [^ |]+\|STAT pointer_size 64\|", told);
    }

    [Fact]
    public void Settings_HaveMemcachedsNamesAndValues()
    {
        const string Names = "maxbytes maxconns maxconns_fast tcpport udpport inter domain_socket umask tcp_backlog evictions "
            + "num_threads stat_key_prefix detail_enabled reqs_per_event cas_enabled binding_protocol auth_enabled_sasl "
            + "auth_enabled_ascii ssl_enabled item_size_max client_flags_size flush_enabled dump_enabled idle_timeout";

        string told = _talk.Ask("stats settings|");

        Assert.Equal(Names, NamesOf(told));
        string[] lines =
        [
            $"maxbytes {64 << 20}", "udpport 0", "domain_socket NULL", "umask 700", "evictions on", "cas_enabled yes",
            "binding_protocol auto-negotiate", "auth_enabled_sasl no", "auth_enabled_ascii no", "item_size_max 1048576",
            "client_flags_size 4", "flush_enabled yes", "dump_enabled yes", "idle_timeout 0",
        ];
        Assert.All(lines, line => Assert.Contains($"STAT {line}|", told, StringComparison.Ordinal));
    }

    // Only with -o idle_timeout, as in memcached.
    [Theory]
    [InlineData(0, false)]
    [InlineData(60, true)]
    public void IdleKicks_AreToldWhereThereAreAny(int seconds, bool isThere)
    {
        using var cache = new TestCache();
        using var client = new Conversation(new GatewayState(
            cache.Local, new GatewayOptions { IdleTime = TimeSpan.FromSeconds(seconds) }, new FakeTimeProvider()));

        Assert.Equal(isThere, client.Send("stats\r\n").Contains("STAT idle_kicks 0\r\n", StringComparison.Ordinal));
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

    private static string NamesOf(string told) => string.Join(' ', told.Split('|')
        .Select(static line => line.Split(' ', 3))
        .Where(static words => words is ["STAT", _, _] && !words[1].StartsWith("granary_", StringComparison.Ordinal))
        .Select(static words => words[1]));

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
