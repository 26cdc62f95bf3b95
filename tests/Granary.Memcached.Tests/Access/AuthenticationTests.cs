using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Granary.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Access;

/// <summary>What a session says to a client before it has authenticated, and that it obeys it after.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private const string Authenticate = AuthenticationCases.Authenticate;
    private const string Unauthenticated = AuthenticationCases.Unauthenticated;

    private readonly FakeTimeProvider _time = new();
    private readonly TestCache _cache = new();
    private readonly TemporaryUserFile _file = new(AuthenticationCases.UserFile);
    private readonly GatewayState _gateway;

    public AuthenticationTests()
    {
        _gateway = new GatewayState(_cache.Local, new GatewayOptions { UserFile = _file.Path }, _time)
        {
            Users = new UserFile(_file.Path, _time, NullLogger.Instance),
        };
        _gateway.Users.Load();
    }

    public static TheoryData<string, string> Cases => AuthenticationCases.All;

    public void Dispose()
    {
        _file.Dispose();
        _cache.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Client_SaysThisFirst_IsAnsweredAndServedOnlyIfStored(string request, string expected)
    {
        using Conversation client = Connect();

        Assert.Equal(expected, client.Send(request));

        bool isStored = expected == "STORED\r\n";
        Assert.False(client.IsClosed);
        Assert.Equal(isStored ? "END\r\n" : Unauthenticated, client.Send("get k\r\n"));
        Assert.Equal(isStored ? "END\r\n" : "STORED\r\nEND\r\n", client.Send(isStored ? "get k\r\n" : Authenticate + "get k\r\n"));
    }

    [Fact]
    public void Bytes_SplitAtEveryPosition_AreAnsweredTheSame()
    {
        const string Stream = "get k\r\nset k 0 0 13\r\nuser passwore\r\nset k 0 0 1025 noreply\r\n";
        string all = $"{Stream}{new string('x', 1025)}\r\n{Authenticate}set k 0 0 1\r\na\r\nget k\r\n";
        const string Expected = "CLIENT_ERROR unauthenticated\r\nCLIENT_ERROR authentication failure\r\n"
            + "CLIENT_ERROR auth token too long\r\nSTORED\r\nSTORED\r\nVALUE k 0 1\r\na\r\nEND\r\n";

        for (int split = 0; split <= all.Length; split++)
        {
            using Conversation client = Connect();

            string answers = client.Send(all[..split]) + client.Send(all[split..]);

            Assert.Equal(Expected, answers);
        }
    }

    [Fact]
    public void Bytes_OneByOne_AreAnsweredTheSame()
    {
        using Conversation client = Connect();

        string answers = string.Concat($"get k\r\n{Authenticate}get k\r\n".Select(one => client.Send($"{one}")));

        Assert.Equal($"{Unauthenticated}STORED\r\nEND\r\n", answers);
    }

    [Fact]
    public void Token_OneByteTooLong_IsSwallowedAndTheNextLineIsRead()
    {
        using Conversation client = Connect();

        string answers = client.Send($"set k 0 0 1025\r\n{"user password",-1025}\r\n{Authenticate}version\r\n");

        Assert.StartsWith("CLIENT_ERROR auth token too long\r\nSTORED\r\nVERSION ", answers, StringComparison.Ordinal);
        Assert.Equal(1, client.Counters.AuthCommands);
        Assert.Equal(0, client.Counters.AuthErrors);
    }

    [Fact]
    public void Token_OfTheGreatestLength_HoldsNoMemory()
    {
        using Conversation client = Connect();

        Assert.Equal("CLIENT_ERROR auth token too long\r\n", client.Send("set k 0 0 2147483645\r\n"));
        Assert.Empty(client.Send(new string('x', 100_000)));

        Assert.Equal(0, client.HeldBytes);
    }

    [Theory]
    [InlineData("2147483646")] // of which memcached 1.6.18 dies
    [InlineData("4294967296")] // which it takes for 0
    [InlineData("99999999999999999999")]
    public void Token_LongerThanAnyValue_IsNoAuthentication(string length)
    {
        using Conversation client = Connect();

        Assert.Equal($"{Unauthenticated}STORED\r\n", client.Send($"set k 0 0 {length}\r\n{Authenticate}"));
    }

    [Fact]
    public void Line_UnfinishedAndOverLong_ClosesWithoutAByte()
    {
        using Conversation client = Connect();

        Assert.Empty(client.Send($"get {new string('k', 2044)}"));
        Assert.False(client.IsClosed);
        Assert.Empty(client.Send("k"));
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void Users_Changed_CountForTheNextClientOnly()
    {
        using Conversation old = Connect();
        using Conversation late = Connect();
        old.Send(Authenticate);
        _file.Write("user:other\n");

        _time.Advance(ReloadedFiles<UserList>.CheckInterval);

        Assert.Equal("END\r\n", old.Send("get k\r\n"));
        Assert.Equal("CLIENT_ERROR authentication failure\r\n", late.Send(Authenticate));
        Assert.Equal("STORED\r\n", late.Send("set k 0 0 10\r\nuser other\r\n"));
    }

    [Fact]
    public void Statistics_CountAttemptsAndSayWhoIsLetIn()
    {
        using Conversation client = Connect();
        client.Send("set k 0 0 13\r\nuser passwore\r\nget k\r\n");
        client.Send(Authenticate);

        string stats = client.Send("stats\r\n");
        string settings = client.Send("stats settings\r\n");

        Assert.Contains("STAT auth_cmds 2\r\nSTAT auth_errors 1\r\n", stats, StringComparison.Ordinal);
        Assert.Contains($"STAT auth_enabled_ascii {_file.Path}\r\nSTAT ssl_enabled no\r\n", settings, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_WhereNobodyHasTo_IsServedAtOnce()
    {
        using Conversation client = new(new GatewayState(_cache.Local, new GatewayOptions(), _time));

        Assert.Equal("STORED\r\nEND\r\n", client.Send($"{Authenticate}get other\r\n"));
        Assert.Contains("STAT auth_enabled_ascii no\r\n", client.Send("stats settings\r\n"), StringComparison.Ordinal);
    }

    private Conversation Connect() => new(_gateway);
}
