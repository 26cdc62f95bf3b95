using System.Text;
using Granary.Cache.Tests.Doubles;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Binary;
using Granary.Memcached.Tests.Doubles;
using Granary.Store.Entries;
using Granary.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Access;

/// <summary>What a user may do who is confined to namespaces: to write one, and to read another.</summary>
public sealed class NamespaceAccessTests : IDisposable
{
    private const string Denied = "CLIENT_ERROR this user may not do that\r\n";
    private const string DeniedBinary = "AuthenticationFailure Auth failure.";

    private readonly FakeTimeProvider _time = new();
    private readonly TestCache _cache = new(namespaces: [Space("shop"), Space("news"), Space("other")]);
    private readonly TemporaryUserFile _file = new("ann:secret\neve:quiet\nroot:all\n");
    private readonly GatewayState _gateway;

    public NamespaceAccessTests()
    {
        var options = new GatewayOptions
        {
            UserFile = _file.Path,
            Access = new Dictionary<string, IReadOnlyList<NamespaceGrant>>(StringComparer.Ordinal)
            {
                ["ann"] = [new NamespaceGrant("shop", MayWrite: true), new NamespaceGrant("news", MayWrite: false)],
                ["eve"] = [new NamespaceGrant("news", MayWrite: false)],
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
    [InlineData("get shop\r\n", Denied)] // no more than the beginning of a prefix
    [InlineData("get shop:\r\n", "END\r\n")]
    [InlineData("gets news:1 other:1\r\n", Denied)]
    [InlineData("add news:2 0 0 1\r\na\r\n", Denied)]
    [InlineData("replace news:1 0 0 1\r\na\r\n", Denied)]
    [InlineData("append news:1 0 0 1\r\na\r\n", Denied)]
    [InlineData("prepend news:1 0 0 1\r\na\r\n", Denied)]
    [InlineData("cas news:1 0 0 1 1\r\na\r\n", Denied)]
    [InlineData("gat 10 shop:1\r\n", "END\r\n")]
    [InlineData("gat 10 news:1\r\n", Denied)]
    [InlineData("gat 10 shop:1 news:1\r\n", Denied)]
    [InlineData("gats 10 news:1\r\n", Denied)]
    [InlineData("incr news:1 1\r\n", Denied)]
    [InlineData("decr news:1 1\r\n", Denied)]
    [InlineData("touch news:1 1\r\n", Denied)]
    [InlineData("delete news:1\r\n", Denied)]
    [InlineData("delete shop:1\r\n", "NOT_FOUND\r\n")]
    [InlineData("delete plain noreply\r\n", "")]
    [InlineData("mg news:1 v\r\n", "VA 1\r\nn\r\n")]
    [InlineData("mg bmV3czox b v\r\n", "VA 1\r\nn\r\n")]
    [InlineData("mg b3RoZXI6MQ== b v\r\n", Denied)]
    [InlineData("mg other:1 v\r\n", Denied)]
    [InlineData("mg news:1 T10\r\n", Denied)]
    [InlineData("mg news:1 R10\r\n", Denied)]
    [InlineData("mg news:2 N10\r\n", Denied)]
    [InlineData("mg shop:2 N10\r\n", "HD W\r\n")]
    [InlineData("ms shop:1 1\r\na\r\n", "HD\r\n")]
    [InlineData("ms b3RoZXI6MQ== 1 b\r\na\r\n", Denied)]
    [InlineData("ms news:1 100000\r\n", Denied)]
    [InlineData("md news:1\r\n", Denied)]
    [InlineData("ma news:1\r\n", Denied)]
    [InlineData("me other:1\r\n", Denied)]
    [InlineData("me b3RoZXI6MQ== b\r\n", Denied)]
    [InlineData("flush_all 10\r\n", Denied)]
    [InlineData("stats reset\r\n", Denied)]
    [InlineData("stats cachedump 1 10\r\n", Denied)]
    [InlineData("watch\r\n", Denied)]
    [InlineData("watch connevents\r\n", Denied)]
    [InlineData("stats conns\r\n", Denied)]
    [InlineData("stats detail dump\r\n", Denied)]
    [InlineData("stats detail on\r\n", Denied)]
    [InlineData("cache_memlimit 64\r\n", Denied)]
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

    [Theory]
    [InlineData("mg news:1 v\r\n", "VA 1 X\r\nn\r\n")]
    [InlineData("mg news:1 v u\r\n", "VA 1 X\r\nn\r\n")]
    public void Token_OfAStaleEntry_IsKeptForWhoMayStoreItAnew(string command, string expected)
    {
        using Conversation root = Connect("root all");
        root.Send("md news:1 I\r\n");
        using Conversation ann = Connect("ann secret");

        Assert.Equal(expected, ann.Send(command));

        Assert.Equal("HD X W\r\n", root.Send("mg news:1\r\n"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)] // comes in pages
    public async Task Token_OfAStaleEntryElsewhere_IsKeptAsWellAsync(int length)
    {
        using TwoSilos silos = await TwoSilos.WithAUserAsync(_file.Path, "eve", mayWrite: false);
        await silos.AskAsync("set k 0 0 9|eve quiet|");
        string value = new('x', length);
        silos.Store.Set("k", Encoding.UTF8.GetBytes(value));
        silos.Store.Execute(new PackedOperation
        {
            Operation = CacheOperation.DeleteWith,
            Key = "k"u8,
            Options = new OperationOptions { Bits = OperationBits.MarksStale },
        });

        Assert.Equal($"VA {length} X|{value}|", await silos.AskAsync("mg k v|"));
    }

    [Theory]
    [MemberData(nameof(KeyedRequests))]
    public void BinaryRequest_OfAConfinedUser_ReadsWhatItMayAndNoMore(string name, bool isRead)
    {
        BinaryOpcode opcode = Enum.Parse<BinaryOpcode>(name);
        using Conversation client = new(_gateway);
        client.Send(Ask.Plain("ann", "secret"));

        string[] news = BinaryReply.Describe(client.Send(RequestOf(opcode, "news:1")));
        string[] other = BinaryReply.Describe(client.Send(RequestOf(opcode, "other:1")));

        Assert.StartsWith($"{opcode} {(isRead ? "Success" : DeniedBinary)}", Assert.Single(news), StringComparison.Ordinal);
        Assert.Equal([$"{opcode} {DeniedBinary}"], other);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Flush_OfWhoMayWrite_DropsHisNamespaceAloneAsync(bool isBinary)
    {
        using TwoSilos silos = await TwoSilos.WithAUserAsync(_file.Path, "ann", mayWrite: true);
        silos.Store.Set("k1", "k"u8);
        silos.Store.Set("other", "o"u8);

        string answers = isBinary
            ? string.Join('|', BinaryReply.Describe(
                await silos.AskAsync([.. Ask.Plain("ann", "secret"), .. Ask.For(BinaryOpcode.Flush)])))
            : await silos.AskAsync("set k 0 0 10|ann secret|flush_all|");

        Assert.Equal(isBinary ? "SaslAuthenticate Success Authenticated|Flush Success" : "STORED|OK|", answers);
        Assert.Equal((CacheStatus.NotFound, CacheStatus.Success), (silos.Store.Get("k1"), silos.Store.Get("other")));
    }

    [Fact]
    public void Flush_OfWhoMayOnlyReadOrForLater_IsRefused()
    {
        using Conversation text = Connect("eve quiet");
        using Conversation binary = new(_gateway);
        binary.Send(Ask.Plain("eve", "quiet"));
        using Conversation later = new(_gateway);
        later.Send(Ask.Plain("ann", "secret"));

        Assert.Equal(Denied, text.Send("flush_all\r\n"));
        Assert.Equal([$"Flush {DeniedBinary}"], BinaryReply.Describe(binary.Send(Ask.For(BinaryOpcode.Flush))));
        Assert.Equal(
            [$"FlushQuiet {DeniedBinary}"],
            BinaryReply.Describe(later.Send(Ask.For(BinaryOpcode.FlushQuiet, extras: Ask.Numbers(10)))));
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
        using Conversation binary = new(_gateway);
        binary.Send(Ask.Plain("ann", "secret"));
        Assert.DoesNotContain("other", binary.Send(Ask.For(BinaryOpcode.Stat, "namespaces")), StringComparison.Ordinal);
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

    [Fact]
    public async Task User_WhoIsConfinedAndUnknown_KeepsTheSiloFromStartingAsync()
    {
        var options = new GatewayOptions
        {
            Port = 0,
            UserFile = _file.Path,
            Access = new Dictionary<string, IReadOnlyList<NamespaceGrant>>(StringComparer.Ordinal)
            {
                ["Ann"] = [new NamespaceGrant("shop", MayWrite: true)],
            },
        };
        using var gateway = new MemcachedGateway(
            _cache.Local, Options.Create(options), _time, NullLogger<MemcachedGateway>.Instance);

        GranaryException refused = await Assert.ThrowsAsync<GranaryException>(
            () => gateway.StartingAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("The memcached user 'Ann' is to be confined to namespaces, but is not in ", refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, bool> KeyedRequests() => new(Enum.GetValues<BinaryOpcode>()
        .Where(static opcode => RequestOf(opcode, "k").Length > 0)
        .Select(static opcode => new TheoryDataRow<string, bool>(
            $"{opcode}", CommandOf(opcode) is BinaryOpcode.Get or BinaryOpcode.GetKey)));

    // Empty for what has no key.
    private static byte[] RequestOf(BinaryOpcode opcode, string key) => CommandOf(opcode) switch
    {
        BinaryOpcode.Get or BinaryOpcode.GetKey or BinaryOpcode.Delete => Ask.For(opcode, key),
        BinaryOpcode.Set or BinaryOpcode.Add or BinaryOpcode.Replace => Ask.Store(opcode, key, "a"),
        BinaryOpcode.Append or BinaryOpcode.Prepend => Ask.For(opcode, key, "a"),
        BinaryOpcode.Increment or BinaryOpcode.Decrement => Ask.Count(opcode, key, 1),
        BinaryOpcode.Touch or BinaryOpcode.GetAndTouch or BinaryOpcode.GetKeyAndTouch => Ask.Touch(key, 10, opcode),
        _ => [],
    };

    private static BinaryOpcode CommandOf(BinaryOpcode opcode) => new BinaryHeader(opcode, 0, 0, 0, 0, 0).Command;

    private static StoreNamespace Space(string name) => new(name, Encoding.UTF8.GetBytes($"{name}:"), 64 << 20);

    private Conversation Connect(string token)
    {
        var client = new Conversation(_gateway);
        Assert.Equal("STORED\r\n", client.Send($"set k 0 0 {token.Length}\r\n{token}\r\n"));
        return client;
    }
}
