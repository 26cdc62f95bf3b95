using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Granary.Memcached.Tests.Meta;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Sessions;

/// <summary>Commands as they come off a connection, and what ends one (rules 1.5 to 1.9 and 9).</summary>
public sealed class SessionFramingTests : IDisposable
{
    private const string Commands = "set k 5 0 3\r\na\r\n\r\nget k no k\r\nappend k 0 0 2 noreply\r\nbc\r\nincr k 1\r\nms m 1 T30 k\r\n7\r\nmg m v t\r\n"
        + "set bad x 0 4\r\nget \r\nset bad 0 0 1\r\nxyzversion\r\nma m\r\ncas k 0 0 1 7\r\nz\r\nnosuch\r\n\r\ntouch k 0\r\ngat 0 k m\r\ndelete k\r\nmn\r\n";

    private const string Answers = "STORED\r\nVALUE k 5 3\r\na\r\n\r\nVALUE k 5 3\r\na\r\n\r\nEND\r\n"
        + "CLIENT_ERROR cannot increment or decrement non-numeric value\r\nHD km\r\nVA 1 t30\r\n7\r\nCLIENT_ERROR bad command line format\r\n"
        + "CLIENT_ERROR bad data chunk\r\nVERSION \r\nHD\r\nEXISTS\r\nERROR\r\nCLIENT_ERROR bad command line format\r\nTOUCHED\r\n"
        + "VALUE k 5 5\r\na\r\nbc\r\nVALUE m 0 1\r\n8\r\nEND\r\nDELETED\r\nMN\r\n";

    private readonly TestCache _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void Commands_SplitAtAnyTwoPositions_AreAnsweredInOrderAndTheSame()
    {
        for (int first = 0; first < Commands.Length; first++)
        {
            using var talk = new Fresh();
            int second = first + (Commands.Length - first) / 2;

            string answers = talk.Client.Send(Commands[..first]) + talk.Client.Send(Commands[first..second]) + talk.Client.Send(Commands[second..]);

            Assert.Equal((first, Answers), (first, WithoutVersion(answers)));
        }
    }

    [Fact]
    public void Commands_OneByteAtATime_AreAnsweredTheSame()
    {
        using var talk = new Fresh();

        Assert.Equal(Answers, WithoutVersion(string.Concat(Commands.Select(one => talk.Client.Send($"{one}")))));
    }

    [Theory]
    [InlineData("set k 0 0 1|a|get k|quit|set k 0 0 1|b|", "STORED|VALUE k 0 1|a|END|")]
    [InlineData("set k 0 0 1|a|quit  |get k|", "STORED|")]
    [InlineData("set k 0 0 1|a|GET / HTTP/1.1|Host: h||set k 0 0 1|b|", "STORED|")]
    public void Line_ThatCloses_LetsWhatCameBeforeBeAnsweredAndRunsNothingMore(string requests, string answers)
    {
        using Conversation client = Connect();

        Assert.Equal(answers, client.Send(requests.Replace("|", "\r\n", StringComparison.Ordinal)).Replace("\r\n", "|", StringComparison.Ordinal));

        Assert.True(client.IsClosed);
        using Conversation other = Connect();
        Assert.Equal("VALUE k 0 1\r\na\r\nEND\r\n", other.Send("get k\r\n"));
    }

    [Theory]
    [InlineData(2048, false)]
    [InlineData(2049, true)]
    [InlineData(14_000, true)]
    public void Line_ThatDoesNotEnd_ClosesWithoutAByte(int length, bool isClosed)
    {
        foreach (char one in "x ")
        {
            using Conversation client = Connect();

            Assert.Equal("END\r\n", client.Send("get k\r\n" + new string(one, length)));

            Assert.Equal(isClosed, client.IsClosed);
        }
    }

    [Fact]
    public void Line_OfManyKeys_MayComeSlowly()
    {
        using Conversation client = Connect();

        Assert.Equal("", client.Send("get " + new string(' ', 2048)));
        Assert.Equal("", client.Send(string.Concat(Enumerable.Repeat("key ", 50_000))));
        Assert.Equal("END\r\n", client.Send("k\r\n"));
    }

    [Fact]
    public void Version_BeginsWithThreeNumbers()
    {
        using var talk = new MetaTalk();

        Assert.Matches(@"^VERSION [0-9]+\.[0-9]+\.[0-9]+[^ |]*\|$", talk.Ask("version|")); // pylibmc reads them
    }

    [Theory]
    [InlineData("verbosity 1|", "OK|")]
    [InlineData("verbosity 0 1 2|", "OK|")]
    [InlineData("verbosity|", "CLIENT_ERROR bad command line format|")]
    [InlineData("mn|mn x|", "MN|MN|")]
    [InlineData("shutdown|shutdown graceful|lru tune 10 25 0.1 2.0|lru mode flat|debugtime 5|", "ERROR|ERROR|ERROR|ERROR|ERROR|")]
    public void Command_AboutTheServer_IsAnsweredSo(string request, string answer)
    {
        using var talk = new MetaTalk();

        talk.Says(request, answer);
    }

    private Conversation Connect() => new(new GatewayState(_cache.Local, new GatewayOptions(), new FakeTimeProvider()));

    private static string WithoutVersion(string answers) =>
        System.Text.RegularExpressions.Regex.Replace(answers, "VERSION [^\r]*", "VERSION ", default, TimeSpan.FromSeconds(10));

    // A client of an empty server.
    private sealed class Fresh : IDisposable
    {
        private readonly TestCache _cache = new();

        public Fresh() => Client = new Conversation(new GatewayState(_cache.Local, new GatewayOptions(), new FakeTimeProvider()));

        public Conversation Client { get; }

        public void Dispose()
        {
            Client.Dispose();
            _cache.Dispose();
        }
    }
}
