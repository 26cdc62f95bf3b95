using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Binary;
using Granary.Memcached.Tests.Doubles;
using Granary.Store.Entries;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Access;

/// <summary>What a user may do who is confined to namespaces: to write one, and to read another.</summary>
public sealed class NamespaceAccessTests : IDisposable
{
    private const string Denied = "CLIENT_ERROR this user may not do that\r\n";
    private const string DeniedBinary = "AuthenticationFailure Auth failure.";

    private readonly FakeTimeProvider _time = new();
    private readonly TestCache _cache = new(namespaces: [Space("shop"), Space("news"), Space("other")]);
    private readonly TemporaryUserFile _file = new("ann:secret\nroot:all\n");
    private readonly GatewayState _gateway;

    public NamespaceAccessTests()
    {
        var options = new GatewayOptions
        {
            UserFile = _file.Path,
            Access = new Dictionary<string, IReadOnlyList<NamespaceGrant>>(StringComparer.Ordinal)
            {
                ["ann"] = [new NamespaceGrant("shop", MayWrite: true), new NamespaceGrant("news", MayWrite: false)],
            },
        };
        _gateway = new GatewayState(_cache.Local, options, _time) { Users = new UserFile(_file.Path, _time, NullLogger.Instance) };
        _gateway.Users.Load();
        using Conversation root = Connect("root all");
        root.Send("set news:1 0 0 1\r\nn\r\nset other:1 0 0 1\r\no\r\nset plain 0 0 1\r\np\r\n");
    }

    public void Dispose()
    {
        _file.Dispose();
        _cache.Dispose();
    }

    [Theory]
    [InlineData("set shop:1 0 0 1\r\na\r\n", "STORED\r\n")]
    [InlineData("set news:1 0 0 1\r\na\r\n", Denied)]
    [InlineData("set plain 0 0 1\r\na\r\n", Denied)]
    [InlineData("set plain 0 0 100000 noreply\r\n", "")] // and its value is swallowed: see below
    [InlineData("get shop:1 news:1\r\n", "VALUE news:1 0 1\r\nn\r\nEND\r\n")]
    [InlineData("get shop:1 other:1\r\n", Denied)]
    [InlineData("get plain\r\n", Denied)]
    [InlineData("gat 10 shop:1\r\n", "END\r\n")]
    [InlineData("gat 10 news:1\r\n", Denied)]
    [InlineData("incr news:1 1\r\n", Denied)]
    [InlineData("touch news:1 1\r\n", Denied)]
    [InlineData("delete news:1\r\n", Denied)]
    [InlineData("delete shop:1\r\n", "NOT_FOUND\r\n")]
    [InlineData("delete plain noreply\r\n", "")]
    [InlineData("mg news:1 v\r\n", "VA 1\r\nn\r\n")]
    [InlineData("mg bmV3czox b v\r\n", "VA 1\r\nn\r\n")]
    [InlineData("mg b3RoZXI6MQ== b v\r\n", Denied)]
    [InlineData("mg news:1 T10\r\n", Denied)]
    [InlineData("mg news:2 N10\r\n", Denied)]
    [InlineData("mg shop:2 N10\r\n", "HD W\r\n")]
    [InlineData("ms shop:1 1\r\na\r\n", "HD\r\n")]
    [InlineData("ms b3RoZXI6MQ== 1 b\r\na\r\n", Denied)]
    [InlineData("md news:1\r\n", Denied)]
    [InlineData("ma other:1\r\n", Denied)]
    [InlineData("me other:1\r\n", Denied)]
    [InlineData("flush_all 10\r\n", Denied)]
    [InlineData("stats reset\r\n", Denied)]
    [InlineData("stats cachedump 1 10\r\n", Denied)]
    [InlineData("watch\r\n", Denied)]
    [InlineData("watch connevents\r\n", Denied)]
    [InlineData("stats conns\r\n", Denied)]
    [InlineData("stats detail dump\r\n", Denied)]
    [InlineData("stats detail on\r\n", Denied)]
    [InlineData("lru_crawler metadump all\r\n", Denied)]
    [InlineData("slabs automove 1\r\n", Denied)]
    [InlineData("verbosity 1\r\nmn\r\n", "OK\r\nMN\r\n")]
    public void TextCommand_OfAConfinedUser_IsDoneInItsNamespacesAlone(string command, string expected)
    {
        using Conversation client = Connect("ann secret");

        Assert.Equal(expected, client.Send(command));

        string block = command.Contains("100000", StringComparison.Ordinal) ? $"{new string('x', 100_000)}\r\n" : "";
        Assert.Equal("VALUE news:1 0 1\r\nn\r\nEND\r\n", client.Send($"{block}get news:1\r\n"));
        using Conversation root = Connect("root all");
        Assert.Equal("VALUE plain 0 1\r\np\r\nVALUE other:1 0 1\r\no\r\nEND\r\n", root.Send("get plain other:1\r\n"));
    }

    [Fact]
    public void BinaryRequests_OfAConfinedUser_AreDoneInItsNamespacesAlone()
    {
        using Conversation client = new(_gateway);
        client.Send(Ask.Plain("ann", "secret"));
        (byte[] Request, string Expected)[] requests =
        [
            (Ask.Set("shop:1", "a"), "Set Success +cas"),
            (Ask.Set("news:1", "a"), $"Set {DeniedBinary}"),
            (Ask.Get("plain"), $"Get {DeniedBinary}"),
            (Ask.Touch("news:1", 10), $"Touch {DeniedBinary}"),
            (Ask.Touch("news:1", 10, BinaryOpcode.GetAndTouch), $"GetAndTouch {DeniedBinary}"),
            (Ask.Append("plain", "a"), $"Append {DeniedBinary}"),
            (Ask.Delete("news:1"), $"Delete {DeniedBinary}"),
            (Ask.Increment("other:1", 1), $"Increment {DeniedBinary}"),
            (Ask.For(BinaryOpcode.Stat, "reset"), $"Stat {DeniedBinary}"),
            (Ask.NoOp(), "NoOp Success"),
        ];
        foreach ((byte[] request, string expected) in requests)
        {
            Assert.Equal(expected, SaslCases.Describe(BinaryReply.ReadAll(client.Send(request)), client.IsClosed));
        }

        client.Send(Ask.Plain("root", "all")); // another user, on the same connection
        Assert.Equal("Set Success +cas", SaslCases.Describe(BinaryReply.ReadAll(client.Send(Ask.Set("plain", "p"))), client.IsClosed));
    }

    [Fact]
    public void Statistics_OfNamespaces_AreThoseThatTheUserMaySee()
    {
        using Conversation ann = Connect("ann secret");
        ann.Send("set shop:1 0 0 3\r\nabc\r\nget shop:1\r\nget shop:2\r\n");
        using Conversation root = Connect("root all");

        string own = ann.Send("stats namespaces\r\n");

        Assert.Contains("STAT shop:curr_items 1\r\n", own, StringComparison.Ordinal);
        Assert.Contains($"STAT shop:quota_bytes {64 << 20}\r\n", own, StringComparison.Ordinal);
        Assert.Contains("STAT shop:cmd_get 2\r\nSTAT shop:get_hits 1\r\nSTAT shop:get_misses 1\r\n", own, StringComparison.Ordinal);
        Assert.Contains("STAT news:curr_items 1\r\n", own, StringComparison.Ordinal);
        Assert.DoesNotContain("other", own, StringComparison.Ordinal);
        Assert.EndsWith("END\r\n", own, StringComparison.Ordinal);
        Assert.Contains("STAT other:curr_items 1\r\n", root.Send("stats namespaces\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void User_WhoIsGivenANamespaceThatThereIsNot_IsRefusedAtTheStart()
    {
        var options = new GatewayOptions
        {
            Access = new Dictionary<string, IReadOnlyList<NamespaceGrant>>(StringComparer.Ordinal)
            {
                ["ann"] = [new NamespaceGrant("gone", MayWrite: true)],
            },
        };

        string message = Assert.Throws<GranaryException>(() => new GatewayState(_cache.Local, options, _time)).Message;

        Assert.Equal("The memcached user 'ann' may use namespace 'gone', which there is not.", message);
    }

    private static StoreNamespace Space(string name) => new(name, System.Text.Encoding.UTF8.GetBytes($"{name}:"), 64 << 20);

    private Conversation Connect(string token)
    {
        var client = new Conversation(_gateway);
        Assert.Equal("STORED\r\n", client.Send($"set k 0 0 {token.Length}\r\n{token}\r\n"));
        return client;
    }
}
