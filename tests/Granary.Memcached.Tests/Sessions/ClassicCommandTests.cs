using System.Globalization;
using Granary.Memcached.Tests.Doubles;
using Granary.Memcached.Tests.Meta;
using Granary.Tests.Shared.Processes;

namespace Granary.Memcached.Tests.Sessions;

/// <summary>What classic commands are answered, and that memcached answers them so.</summary>
public sealed class ClassicCommandTests : IDisposable
{
    private static readonly string[] CounterNames =
    [
        "cmd_get", "cmd_set", "cmd_touch", "cmd_meta", "get_hits", "get_misses", "get_expired", "delete_misses", "delete_hits",
        "incr_misses", "incr_hits", "decr_misses", "decr_hits", "cas_misses", "cas_hits", "cas_badval", "touch_hits", "touch_misses",
        "store_too_large", "store_no_memory", "total_items", "evictions",
    ];

    private readonly MetaTalk _talk = new();

    public void Dispose() => _talk.Dispose();

    [Theory]
    [MemberData(nameof(ClassicCases.Stores), MemberType = typeof(ClassicCases))]
    [MemberData(nameof(ClassicCases.Silent), MemberType = typeof(ClassicCases))]
    [MemberData(nameof(ClassicCases.Reads), MemberType = typeof(ClassicCases))]
    [MemberData(nameof(ClassicCases.Times), MemberType = typeof(ClassicCases))]
    [MemberData(nameof(ClassicCases.Counts), MemberType = typeof(ClassicCases))]
    public void Commands_AreAnsweredInMemcachedsWords(string requests, string answers) => _talk.Says(requests, answers);

    [Theory]
    [MemberData(nameof(ClassicCases.Counters), MemberType = typeof(ClassicCases))]
    public void Commands_CountAsMemcachedCounts(string requests, string counters)
    {
        _talk.Ask(requests);

        Assert.Equal(counters, Grown([], _talk.Ask("stats|")));
    }

    [Fact]
    public async Task Cases_AreMemcachedsAsync()
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        TheoryData<string, string>[] all =
            [ClassicCases.Stores, ClassicCases.Silent, ClassicCases.Reads, ClassicCases.Times, ClassicCases.Counts];
        foreach ((string requests, string answers) in all.SelectMany(static cases => cases).Select(static row => row.Data))
        {
            await using MemcachedTalk talk = await MemcachedTalk.OpenAsync(memcached.Port);
            await talk.AskAsync("flush_all|");

            // What does not end is let end: the two bytes that a value still lacks, and another line.
            bool isCut = answers.Length == 0 && requests.EndsWith("abc\n", StringComparison.Ordinal);
            string sent = isCut ? $"{requests}xget k|" : requests;

            Assert.Equal(
                (requests, isCut ? "CLIENT_ERROR bad data chunk|END|" : answers), (requests, await talk.AskAsync(sent)));
        }
    }

    [Fact]
    public async Task Counters_AreMemcachedsAsync()
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        await using MemcachedTalk talk = await MemcachedTalk.OpenAsync(memcached.Port);
        foreach ((string requests, string counters) in ClassicCases.Counters.Select(static row => row.Data))
        {
            await talk.AskAsync("delete a|delete b|");
            Dictionary<string, long> before = Numbers(await talk.AskAsync("stats|"));
            await talk.AskAsync(requests);

            Assert.Equal((requests, counters), (requests, Grown(before, await talk.AskAsync("stats|"))));
        }
    }

    [Fact]
    public void Value_OfAnyBytes_ComesBackAsItWas()
    {
        // A bar is a line end to this test.
        string every = string.Concat(Enumerable.Range(0, 256).Select(static one => (char)one)).Replace("|", "", StringComparison.Ordinal);
        string value = $"{every}|END|set k 0 0 1|x|";
        string bytes = value.Replace("|", "\r\n", StringComparison.Ordinal);

        _talk.Says($"set k 0 0 {bytes.Length}|{bytes}|get k|", $"STORED|VALUE k 0 {bytes.Length}|{value}|END|");
    }

    [Fact]
    public void Keys_OfOneLine_MayBeThousandsAndTheirValuesMoreThanIsSentAtOnce()
    {
        const int Many = 5_000;
        string value = new('v', 100);
        _talk.Says($"set k 0 0 {value.Length}|{value}|", "STORED|");

        _talk.Says(
            $"get{string.Concat(Enumerable.Repeat(" no k", Many))}|",
            $"{string.Concat(Enumerable.Repeat($"VALUE k 0 {value.Length}|{value}|", Many))}END|");
    }

    [Fact]
    public void Key_ThatIsBadAmongGoodOnes_IsAnErrorAlone() => _talk.Says(
        $"set k 0 0 1|a|get k {new string('k', 251)} k|get k|",
        "STORED|CLIENT_ERROR bad command line format|VALUE k 0 1|a|END|");

    [Theory]
    [InlineData("set k -1 0 9|flush_all|")]
    [InlineData("set k 4294967296 0 9|flush_all|")]
    [InlineData("append k x 0 9|flush_all|")]
    [InlineData("prepend k 0 1.5 9|flush_all|")]
    [InlineData("cas k 0 0 9 x|flush_all|")]
    [InlineData("cas k 0 0 9 -1|flush_all|")]
    [InlineData("cas k 0 0 9 18446744073709551616|flush_all|")]
    public void Data_OfALineThatIsWrong_IsNoCommand(string request)
    {
        _talk.Says("set k 0 0 1|a|", "STORED|");

        _talk.Says($"{request}get k|", "CLIENT_ERROR bad command line format|VALUE k 0 1|a|END|");
    }

    [Theory]
    [InlineData("set k x 0 9 noreply|flush_all|")]
    [InlineData("set k 0 x 9 noreply|flush_all|")]
    [InlineData("cas k 0 0 9 x noreply|flush_all|")]
    [InlineData("add {0} 0 0 9 noreply|flush_all|")]
    public void Error_OfWhatWantsNoReply_IsNotSaid(string request) => _talk.Says(
        $"{request.Replace("{0}", new string('k', 251), StringComparison.Ordinal)}get k|", "END|");

    // 1.6.18 does not say it. What a line announces is not known here, so there is nothing to be silent of.
    [Theory]
    [InlineData("set k 0 0 -1 noreply|")]
    [InlineData("set k 0 0 noreply|")]
    public void Error_OfALineWithoutALength_IsSaidAllTheSame(string request) =>
        _talk.Says(request, "CLIENT_ERROR bad command line format|");

    [Fact]
    public void Cas_IsNewWithEachChangeAndNeverAnothers()
    {
        _talk.Ask("set k 0 0 1|5|set other 0 0 1|5|");
        var seen = new List<ulong> { _talk.CasOf("k"), _talk.CasOf("other") };
        string[] changes =
        [
            "set k 0 0 1|5|", "append k 0 0 1|5|", "prepend k 0 0 1|5|", "replace k 0 0 1|5|", "incr k 1|", "decr k 1|", "incr k 100|",
            "md k I|", "set other 0 0 1|5|", "add third 0 0 1|5|",
        ];
        foreach (string change in changes)
        {
            _talk.Ask(change);
            seen.Add(_talk.CasOf(change.Split(' ')[1].TrimEnd('|')));
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(seen.Order(), seen);
    }

    [Theory]
    [InlineData("touch k 100|")]
    [InlineData("gat 100 k|")]
    [InlineData("get k|")]
    [InlineData("mg k T100|")]
    [InlineData("add k 0 0 1|6|")]
    [InlineData("incr k x|")]
    public void Cas_StaysWhereTheValueDoes(string request)
    {
        _talk.Ask("set k 0 0 1|5|");
        ulong cas = _talk.CasOf("k");

        _talk.Ask(request);

        Assert.Equal(cas, _talk.CasOf("k"));
        _talk.Says($"gets k|gats 0 k|", string.Concat(Enumerable.Repeat($"VALUE k 0 1 {cas}|5|END|", 2)));
        _talk.Says($"cas k 7 0 1 {cas}|6|cas k 0 0 1 {cas}|7|get k|", "STORED|EXISTS|VALUE k 7 1|6|END|");
    }

    [Theory]
    [InlineData("append k 9 0 1|5|")]
    [InlineData("prepend k 9 200 1|5|")]
    [InlineData("incr k 1|")]
    [InlineData("incr k 1000|")]
    [InlineData("decr k 1|")]
    public void FlagsAndTime_OfWhatIsChangedInPart_Stay(string request)
    {
        _talk.Ask("set k 7 100 1|5|");

        _talk.Ask(request);

        _talk.Says("mg k f t|", "HD f7 t100|");
    }

    [Fact]
    public void Time_OfAStoreOrTouch_IsToTheMillisecond()
    {
        long then = new DateTimeOffset(2026, 1, 1, 0, 0, 5, TimeSpan.Zero).ToUnixTimeSeconds();
        _talk.Ask($"set relative 0 5 1|a|set absolute 0 {then} 1|a|set touched 0 0 1|a|touch touched 5|set got 0 0 1|a|gat 5 got|");

        _talk.Wait(4);
        Assert.Equal(4, _talk.Ask("get relative absolute touched got|").Split("VALUE ").Length - 1);
        _talk.Wait(1);
        _talk.Says("get relative absolute touched got|", "END|");
    }

    [Theory]
    [InlineData("set", false)]
    [InlineData("add", true)]
    [InlineData("replace", true)]
    [InlineData("append", true)]
    [InlineData("prepend", true)]
    [InlineData("cas", true)]
    public void Value_ThatIsTooLarge_DropsTheOldOneOfASetAlone(string verb, bool keeps)
    {
        string value = new('v', (1 << 20) + 1);
        string more = verb == "cas" ? " 1" : "";
        foreach (string word in new[] { "", " noreply" })
        {
            _talk.Says("set k 0 0 1|a|", "STORED|");
            _talk.Says(
                $"{verb} k 0 0 {value.Length}{more}{word}|{value}|get k|",
                (word.Length == 0 ? "SERVER_ERROR object too large for cache|" : "") + (keeps ? "VALUE k 0 1|a|END|" : "END|"));
        }

        Dictionary<string, long> numbers = Numbers(_talk.Ask("stats|"));
        Assert.Equal((2, 2), (numbers["store_too_large"], numbers["cmd_set"])); // it is no store: those are of the old value
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)] // over 64 KiB: collected by pages
    public async Task Sum_ThatIsTooLarge_IsNotStoredAsync(int length)
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        await using MemcachedTalk talk = await MemcachedTalk.OpenAsync(memcached.Port);
        string requests = $"set k 0 0 1048000|{new string('v', 1_048_000)}|" + string.Concat(
            new[] { "append k 0 0 {0}", "prepend k 0 0 {0}", "append k 0 0 {0} noreply", "ms k {0} MA", "ms k {0} MP q k" }
                .Select(line => $"{line.Replace("{0}", $"{length}", StringComparison.Ordinal)}|{new string('w', length)}|"));
        string theirs = await talk.AskAsync($"{requests}mg k s|");

        _talk.Says($"{requests}mg k s|", theirs);

        Assert.Equal("STORED|NOT_STORED|NOT_STORED|NS|NS kk|HD s1048000|", theirs);
        Assert.Equal("cmd_get=1 cmd_set=6 get_hits=1 total_items=1", Grown([], await talk.AskAsync("stats|")));
        Assert.Equal("cmd_get=1 cmd_set=6 get_hits=1 total_items=1", Grown([], _talk.Ask("stats|")));
    }

    [Fact]
    public async Task Sum_ThatIsTooLargeForAnotherSilo_IsNotStoredAsync()
    {
        const int Length = (4 << 20) - 500; // its limit is 4 MiB
        using TwoSilos silos = await TwoSilos.WithTheShardElsewhereAsync();
        string shortValue = new('w', 1_000);
        string longValue = new('w', 100_000);

        Assert.Equal(
            $"STORED|NOT_STORED|NOT_STORED|NS kk|NS|HD s{Length}|",
            await silos.AskAsync(
                $"set k 0 0 {Length}|{new string('v', Length)}|append k 0 0 1000|{shortValue}|prepend k 0 0 100000|{longValue}|"
                + $"ms k 1000 MP k|{shortValue}|ms k 100000 MA|{longValue}|mg k s|"));
        Assert.Equal((5, 0), (silos.Counters.CmdSet, silos.Counters.TooLarge));
    }

    private static string Grown(Dictionary<string, long> before, string after)
    {
        Dictionary<string, long> now = Numbers(after);
        return string.Join(' ', CounterNames
            .Select(name => (Name: name, Count: now[name] - before.GetValueOrDefault(name)))
            .Where(static one => one.Count != 0)
            .Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Name}={one.Count}")));
    }

    // Those of stats that are numbers.
    private static Dictionary<string, long> Numbers(string statistics)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string line in statistics.Split('|'))
        {
            if (line.Split(' ') is ["STAT", string name, string value]
                && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                numbers.Add(name, number);
            }
        }

        return numbers;
    }
}
