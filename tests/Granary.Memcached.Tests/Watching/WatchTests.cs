using System.Globalization;
using System.Text;
using Granary.Memcached.Server;
using Granary.Memcached.Sessions;
using Granary.Memcached.Tests.Binary;
using Granary.Memcached.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Watching;

/// <summary>watch, and what watchers are told (rules of section 9).</summary>
public sealed class WatchTests : IDisposable
{
    private const string Start = "ts=946684800.000000 gid=1 "; // of the year 2000

    private readonly TestCache _cache = new();
    private readonly GatewayState _gateway;
    private readonly Conversation _client;

    public WatchTests()
    {
        _gateway = new GatewayState(_cache.Local, new GatewayOptions(), new FakeTimeProvider());
        _client = new Conversation(_gateway);
    }

    public void Dispose()
    {
        _client.Dispose();
        _cache.Dispose();
    }

    [Theory]
    [InlineData("watch|", "OK|")]
    [InlineData("watch fetchers mutations evictions connevents deletions|", "OK|")]
    [InlineData("watch fetchers fetchers|", "OK|")]
    [InlineData("watch x|", "ERROR|")]
    [InlineData("watch fetchers x|", "ERROR|")]
    [InlineData("watch Fetchers|", "ERROR|")]
    [InlineData("watch rawcmds|", "ERROR|")] // of these there is nothing to tell
    [InlineData("watch proxyreqs|", "ERROR|")]
    [InlineData("watch fetchers noreply|", "")]
    [InlineData("watch|version|get a|set", "OK|")] // from then on only its end counts
    [InlineData("mn|watch|mn|", "MN|ERROR cannot pipeline other commands before watch|MN|")]
    public void Watch_IsAnsweredInMemcachedsWords(string request, string answer)
    {
        using var watcher = new Conversation(_gateway);

        string got = watcher.Send(request.Replace("|", "\r\n", StringComparison.Ordinal));

        Assert.Equal(answer, got.Replace("\r\n", "|", StringComparison.Ordinal));
        Assert.Equal(answer == "OK|" ? 1 : 0, _gateway.Watchers.Count);
        Assert.Equal(0, answer == "OK|" ? watcher.HeldBytes : 0);
    }

    [Theory]
    [InlineData("fetchers", "get a", "type=item_get key=a status=not_found clsid=0 cfd=0 size=0")]
    [InlineData("", "get there", "type=item_get key=there status=found clsid=1 cfd=0 size=3")]
    [InlineData("mutations", "set a 0 100 2\r\nab", "type=item_store key=a status=stored cmd=set ttl=100 clsid=1 cfd=0 size=2")]
    [InlineData("mutations", "add there 0 0 2\r\nab", "type=item_store key=there status=not_stored cmd=add ttl=0 clsid=1 cfd=0 size=2")]
    [InlineData("mutations", "set a 0 946684900 0\r\n", "type=item_store key=a status=stored cmd=set ttl=100 clsid=1 cfd=0 size=0")]
    [InlineData("deletions", "delete there", "type=deleted key=there cmd=delete clsid=1")]
    [InlineData("deletions", "md there q", "type=deleted key=there cmd=md clsid=1")]
    [InlineData("deletions", "delete a", "")]
    [InlineData("deletions", "md there I", "")] // it stays
    [InlineData("deletions", "get there", "")]
    [InlineData("mutations", "delete there", "")]
    [InlineData("mutations", "incr number 1", "")]
    [InlineData("fetchers", "touch there 1", "")]
    [InlineData("fetchers", "set a 0 0 1\r\nx", "")]
    [InlineData("evictions", "set a 0 0 1\r\nx", "")]
    public void Event_IsALineAsMemcachedHasIt(string words, string command, string line)
    {
        _client.Send("set there 0 0 3\r\nabc\r\nset number 0 0 1\r\n1\r\n");
        using Conversation watcher = Watch(words);

        _client.Send($"{command}\r\n");

        Assert.Equal(line.Length == 0 ? "" : $"{Start}{line}\n", watcher.Send(""));
        Assert.Equal("", watcher.Send(""));
    }

    [Fact]
    public void TooLargeValue_IsToldAsOne()
    {
        using Conversation watcher = Watch("mutations");
        string value = new('x', (1 << 20) + 1);

        _client.Send($"set a 0 0 {value.Length}\r\n{value}\r\n");

        Assert.Equal(
            $"{Start}type=item_store key=a status=too_large cmd=set ttl=0 clsid=1 cfd=0 size={value.Length}\n", watcher.Send(""));
    }

    [Fact]
    public void BinaryRequests_AreToldAsText()
    {
        using Conversation watcher = Watch("fetchers mutations deletions");
        using var client = new Conversation(_gateway);
        byte[] requests =
        [
            .. Ask.Set("a", "xyz", seconds: 9), .. Ask.Get("a"), .. Ask.Get("b"), .. Ask.Set("a", "x", cas: 1), .. Ask.Delete("a"),
        ];

        client.Send(requests);

        string told = watcher.Send("");
        Assert.Equal(
            ["type=item_store key=a status=stored cmd=set ttl=9 size=3", "type=item_store key=a status=exists cmd=cas ttl=0 size=1"],
            WatchCases.Lines(told, "item_store"));
        Assert.Equal(
            ["type=item_get key=a status=found size=3", "type=item_get key=b status=not_found size=0"], WatchCases.Lines(told, "item_get"));
        Assert.Equal(["type=deleted key=a cmd=delete"], WatchCases.Lines(told, "deleted"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commands_OnAnotherSilosShard_AreToldAsOnThisOnesAsync(bool hasReplica)
    {
        string value = new('v', 700_000);
        string[] batches =
        [
            $"{WatchCases.Stores}{WatchCases.Reads}set l 0 0 {value.Length}|{value}|get l|mg l v|", "delete l|delete l|md e|",
        ];
        using TwoSilos silos = hasReplica ? await TwoSilos.WithAReplicaAsync() : await TwoSilos.WithTheShardElsewhereAsync();
        using var theirs = new Conversation(silos.Gateway);
        using Conversation ours = Watch("fetchers mutations deletions");
        theirs.Send("watch fetchers mutations deletions\r\n");

        foreach (string commands in batches)
        {
            await silos.AskAsync(commands, hasReplica ? silos.Replicate : null);
            _client.Send(commands.Replace("|", "\r\n", StringComparison.Ordinal));
        }

        string expected = ours.Send("");
        string told = theirs.Send("");
        foreach (string type in new[] { "item_store", "item_get", "deleted" })
        {
            Assert.Equal(WatchCases.Lines(expected, type), WatchCases.Lines(told, type));
        }

        Assert.Equal(2, WatchCases.Lines(told, "deleted").Length);
        Assert.Contains(
            $"type=item_get key=l status=found size={value.Length}", WatchCases.Lines(told, "item_get"), StringComparer.Ordinal);
    }

    [Fact]
    public void Lines_ForWhichThereIsNoRoom_AreCountedAndToldOf()
    {
        const int Many = 10_000; // of 80 bytes and more
        using Conversation watcher = Watch("fetchers");
        using Conversation other = Watch("mutations");

        _client.Send(string.Concat(Enumerable.Repeat("get a\r\n", Many)));

        string told = watcher.Send("");
        int lines = told.Count(static one => one == '\n');
        Assert.InRange(told.Length, Watcher.MaxBytes - 200, Watcher.MaxBytes);
        Assert.EndsWith(" size=0\n", told, StringComparison.Ordinal);
        Assert.Equal((lines, Many - lines), (_gateway.Watchers.Sent, _gateway.Watchers.Skipped));
        _client.Send("get b\r\nget c\r\n");
        string[] next = watcher.Send("").Split('\n');
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"skipped={Many - lines}"), next[0]);
        Assert.Contains(" key=b ", next[1], StringComparison.Ordinal);
        Assert.Contains(" key=c ", next[2], StringComparison.Ordinal);
        Assert.Equal("", other.Send(""));
    }

    [Fact]
    public void Lines_AroundTheEndOfTheRing_AreWhole()
    {
        using Conversation watcher = Watch("fetchers");
        for (int turn = 0; turn < 50; turn++)
        {
            _client.Send(string.Concat(Enumerable.Repeat("get a\r\n", 100 + turn)));

            string[] lines = watcher.Send("").Split('\n');

            Assert.Equal(101 + turn, lines.Length);
            Assert.All(lines[..^1], static line => Assert.Matches("^ts=946684800.000000 gid=[0-9]+ type=item_get key=a ", line));
        }
    }

    [Fact]
    public void Watcher_ThatWaits_IsResumedOnceForWhatComes()
    {
        int resumed = 0;
        var watcher = new Watcher(WatchedEvents.Fetchers, () => resumed++);
        var output = new OutputBuffer();
        watcher.Tell("before\n"u8);
        Assert.True(watcher.TryTake(output, 4));
        Assert.True(watcher.TryTake(output, 100));
        Assert.Equal(0, resumed); // it has not waited

        Assert.False(watcher.TryTake(output, 100));
        watcher.Tell("one\n"u8);
        watcher.Tell("two\n"u8);

        Assert.Equal(1, resumed);
        Assert.True(watcher.TryTake(output, 100));
        Assert.Equal("before\none\ntwo\n", Encoding.ASCII.GetString(output.Written));
    }

    [Fact]
    public void Watchers_PastTheirBound_AreRefused()
    {
        List<Conversation> watchers = [.. Enumerable.Range(0, WatcherList.MaxWatchers).Select(_ => Watch("evictions"))];

        Assert.Equal("WATCHER_TOO_MANY log watcher limit reached\r\n", _client.Send("watch\r\n"));
        Assert.Equal("END\r\n", _client.Send("get a\r\n")); // it goes on as before
        watchers[3].Dispose();
        using Conversation last = Watch("fetchers");
        Assert.Contains($"STAT log_watchers {WatcherList.MaxWatchers}\r\n", _client.Send("stats\r\n"), StringComparison.Ordinal);
        watchers.ForEach(static watcher => watcher.Dispose());
        last.Dispose();
        Assert.Equal((0, false), (_gateway.Watchers.Count, _gateway.Watchers.IsOn));
    }

    [Fact]
    public void Watch_ThatIsNotAllowed_IsRefused()
    {
        using var client = new Conversation(
            new GatewayState(_cache.Local, new GatewayOptions { AllowsWatches = false }, new FakeTimeProvider()));

        Assert.Equal("CLIENT_ERROR watch commands not allowed\r\n", client.Send("watch\r\n"));
    }

    [Fact]
    public void Evictions_AreToldEachOnce()
    {
        const int Many = 4_000; // 80 MB where there is room for 64
        using Conversation watcher = Watch("evictions");
        string value = new('x', 20_000);
        var told = new List<string>();
        _client.Send($"set k%20 0 1000 {value.Length}\r\n{value}\r\n");
        for (int number = 0; number < Many; number++)
        {
            _client.Send($"set k{number} 0 0 {value.Length}\r\n{value}\r\n");
            told.AddRange(WatchCases.Lines(watcher.Send(""), "eviction"));
        }

        Assert.Contains("type=eviction key=k%2520 fetch=no ttl=1000 la=0 size=20000", told, StringComparer.Ordinal);
        Assert.Contains("type=eviction key=k0 fetch=no ttl=-1 la=0 size=20000", told, StringComparer.Ordinal);
        Assert.Equal(_cache.Local.Store.GetStatistics().Evictions, told.Count);
        Assert.Equal(told.Count, told.Distinct(StringComparer.Ordinal).Count());
    }

    private Conversation Watch(string words)
    {
        var watcher = new Conversation(_gateway);
        Assert.Equal("OK\r\n", watcher.Send($"watch {words}\r\n"));
        return watcher;
    }
}
