using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Binary;
using Granary.Memcached.Tests.Doubles;
using Granary.Memcached.Tests.Meta;
using Granary.Tests.Shared.Processes;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Sessions;

/// <summary>stats detail (rules of section 9).</summary>
public sealed class StatsDetailTests
{
    private const string Usage = "CLIENT_ERROR usage: stats detail on|off|dump|";

    // All kinds of commands; what each counts is memcached's to say.
    private const string Commands = "get a:1 a:2 b|set a:1 0 0 1|x|get a:1|gets a:1 :x|delete a:1|delete a:1|delete a:1 0|"
        + "add a:1 0 0 1|x|add a:1 0 0 1|x|replace r:1 0 0 1|x|append a:1 0 0 1|x|prepend p:1 0 0 1|x|cas c:1 0 0 1 7|x|"
        + "incr n:1 1|decr n:1 1|touch t:1 0|touch a:1 0|gat 0 a:1 g:1|gats 0 a:1|mg a:1 v|mg m:1|ms m:2 1|y|md m:2|md m:3|ma m:4|"
        + "ma m:5 N0 J5|get nodelimiter|get two:2:3|set : 0 0 1|x|get ::|x|set q:1 0 0 1 noreply|x|delete d:1 noreply|";

    [Theory]
    [InlineData("stats detail|", Usage)]
    [InlineData("stats detail x|", Usage)]
    [InlineData("stats detail ON|", Usage)]
    [InlineData("stats detailx|", "ERROR|")]
    [InlineData("stats detail on|", "OK|")]
    [InlineData("stats detail off|", "OK|")]
    [InlineData("stats detail  dump|", "END|")]
    [InlineData("stats detail on x|stats detail dump x|", "OK|END|")]
    [InlineData("get a:1|stats detail dump|", "END|END|")] // it is off
    [InlineData("stats detail on|get a:1|stats detail off|get a:1|stats detail dump|", "OK|END|OK|END|PREFIX a get 1 hit 0 set 0 del 0|END|")]
    [InlineData("stats detail on|get a:1|stats reset|stats detail dump|get b:1|stats detail dump|", "OK|END|RESET|END|END|PREFIX b get 1 hit 0 set 0 del 0|END|")]
    [InlineData("stats detail on|ms AGE6MQ== 1 b|x|get \u00e9:1|stats detail dump|", "OK|HD|END|PREFIX \u00e9 get 1 hit 0 set 0 del 0|END|")]
    public void Detail_IsAnsweredInMemcachedsWords(string requests, string answers)
    {
        using var talk = new MetaTalk();

        talk.Says(requests, answers);
    }

    [Fact]
    public void Settings_TellOfIt()
    {
        using var talk = new MetaTalk();
        Assert.Contains("STAT stat_key_prefix :|STAT detail_enabled no|", talk.Ask("stats settings|"), StringComparison.Ordinal);

        talk.Ask("stats detail on|");

        Assert.Contains("|STAT detail_enabled yes|", talk.Ask("stats settings|"), StringComparison.Ordinal);
    }

    [Fact]
    public void Delimiter_ThatIsGiven_CountsFromTheStartOn()
    {
        using var cache = new TestCache();
        using var client = new Conversation(
            new GatewayState(cache.Local, new GatewayOptions { PrefixDelimiter = '/' }, new FakeTimeProvider()));

        Assert.Equal(
            "END\r\nPREFIX a:1 get 1 hit 0 set 0 del 0\r\nEND\r\n", client.Send("get a:1/x\r\nstats detail dump\r\n"));
    }

    [Theory]
    [InlineData(PrefixCounts.MaxPrefixes - 1)]
    [InlineData(PrefixCounts.MaxPrefixes)]
    [InlineData(PrefixCounts.MaxPrefixes + 1)]
    public void Prefixes_PastTheirBound_DoNotCount(int number)
    {
        using var talk = new MetaTalk();
        talk.Ask("stats detail on|");
        talk.Ask(string.Concat(Enumerable.Range(0, number).Select(one => string.Create(CultureInfo.InvariantCulture, $"get {one}:x|"))));
        talk.Ask("get 0:x|"); // those that there are go on

        string[] lines = talk.Ask("stats detail dump|").Split('|', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(Math.Min(number, PrefixCounts.MaxPrefixes) + 1, lines.Length);
        Assert.Contains("PREFIX 0 get 2 hit 0 set 0 del 0", lines, StringComparer.Ordinal);
        Assert.Equal("END", lines[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commands_OnAnotherSilosShard_CountAsOnThisOnesAsync(bool hasReplica)
    {
        using TwoSilos silos = hasReplica ? await TwoSilos.WithAReplicaAsync() : await TwoSilos.WithTheShardElsewhereAsync();
        using var talk = new MetaTalk();
        string value = new('v', 100_000);
        string commands = $"stats detail on|{Commands}set l:1 0 0 {value.Length}|{value}|get l:1 l:1|stats detail dump|";

        string[] answers = (await silos.AskAsync(commands, hasReplica ? silos.Replicate : null)).Split('|');

        Assert.Equal(Prefixes(talk.Ask(commands).Split('|')), Prefixes(answers));
        Assert.Contains("PREFIX l get 2 hit 2 set 1 del 0", answers, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Counts_AreMemcachedsAsync()
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        using var talk = new BinaryTalk();
        byte[][] requests =
        [
            Ask.Set("a:1", "x"), Ask.Get("a:1"), Ask.Get("a:2"), Ask.Get("k:1", BinaryOpcode.GetKeyQuiet), Ask.Touch("a:1", 0),
            Ask.Touch("g:1", 0, BinaryOpcode.GetAndTouch), Ask.Store(BinaryOpcode.Add, "a:1", "x"), Ask.Append("p:1", "x"),
            Ask.Delete("a:1"), Ask.Delete("d:1"), Ask.Increment("n:1", 1), Ask.Set("s:1", "x", cas: 7), Ask.NoOp(),
        ];
        using Socket text = await ConnectAsync(memcached.Port);
        using Socket binary = await ConnectAsync(memcached.Port);
        AskTheirs(text, "stats detail on|");
        AskTheirs(text, Commands);
        foreach (byte[] request in requests)
        {
            binary.Send(request);
        }

        byte[] answers = new byte[4096];
        for (int received = 0; !BinaryReply.EndsWithNoOp(answers.AsSpan(0, received), opaque: 0);)
        {
            received += binary.Receive(answers, received, answers.Length - received, SocketFlags.None);
        }

        string theirs = AskTheirs(text, "stats detail dump|");
        talk.Text($"stats detail on|{Commands}");
        Array.ForEach(requests, request => talk.Send(request));

        Assert.Equal(Prefixes(theirs.Split('|')), Prefixes(talk.Text("stats detail dump|").Split('|')));
    }

    [Fact]
    public void Binary_HasThePrefixesAsOneValue()
    {
        using var talk = new BinaryTalk();
        talk.Says(Ask.For(BinaryOpcode.Stat, "detail"), "Stat NotFound Not found");
        talk.Says(Ask.For(BinaryOpcode.Stat, "detail x"), "Stat NotFound Not found");
        talk.Says(Ask.For(BinaryOpcode.Stat, "detail on"), "Stat Success");
        talk.Send(Ask.Get("a:1"));

        List<BinaryReply> replies = talk.Send(Ask.For(BinaryOpcode.Stat, "detail dump"));

        Assert.Equal(2, replies.Count);
        Assert.Equal(("detailed", "PREFIX a get 1 hit 0 set 0 del 0\r\nEND\r\n"), (replies[0].Key, replies[0].Value));
        talk.Says(Ask.For(BinaryOpcode.Stat, "detail off"), "Stat Success");
    }

    private static string Prefixes(string[] lines) => string.Join(
        '\n', lines.Where(static line => line.StartsWith("PREFIX ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        return socket;
    }

    private static string AskTheirs(Socket socket, string commands)
    {
        socket.Send(Encoding.Latin1.GetBytes((commands + "mn|").Replace("|", "\r\n", StringComparison.Ordinal)));
        byte[] buffer = new byte[64 << 10];
        int received = 0;
        while (!buffer.AsSpan(0, received).EndsWith("MN\r\n"u8))
        {
            int count = socket.Receive(buffer, received, buffer.Length - received, SocketFlags.None);
            Assert.True(count > 0, "memcached has closed the connection");
            received += count;
        }

        return Encoding.Latin1.GetString(buffer, 0, received).Replace("\r\n", "|", StringComparison.Ordinal);
    }
}
