using System.Text;
using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Access;
using Granary.Memcached.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Binary;

/// <summary>What a binary client is answered before it has said who it is, and that it is obeyed after.</summary>
public sealed class SaslTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestCache _cache = new();
    private readonly TemporaryUserFile _file = new(AuthenticationCases.UserFile);
    private readonly GatewayState _gateway;

    public SaslTests()
    {
        _gateway = new GatewayState(_cache.Local, new GatewayOptions { UserFile = _file.Path }, _time)
        {
            Users = new UserFile(_file.Path, _time, NullLogger.Instance),
        };
        _gateway.Users.Load();
    }

    public static TheoryData<string, string> Cases => SaslCases.All;

    public void Dispose()
    {
        _file.Dispose();
        _cache.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Client_SaysThisFirst_IsAnsweredAndServedOnlyIfAuthenticated(string name, string expected)
    {
        using Conversation client = new(_gateway);

        Assert.Equal((name, expected), (name, Say(client, SaslCases.RequestOf(name))));

        bool isServed = expected.EndsWith("Success Authenticated", StringComparison.Ordinal);
        Assert.Equal(expected.EndsWith(SaslCases.Closed, StringComparison.Ordinal), client.IsClosed);
        if (!client.IsClosed)
        {
            Assert.Equal(
                isServed ? "Get NotFound Not found" : $"Get AuthenticationFailure Auth failure.|{SaslCases.Closed}",
                Say(client, Ask.Get("k")));
        }
    }

    [Fact]
    public void Bytes_SplitAtEveryPosition_AreAnsweredTheSame()
    {
        byte[] all =
        [
            .. Ask.For(BinaryOpcode.SaslMechanisms), .. Ask.Plain("user", "no"), .. Ask.For(BinaryOpcode.SaslAuthenticate, "PLAIN"),
            .. Ask.For(BinaryOpcode.SaslStep, "PLAIN", "\0user\0password"), .. Ask.Set("k", "a"), .. Ask.Get("k"),
        ];
        for (int split = 0; split <= all.Length; split++)
        {
            using Conversation client = new(_gateway);

            string answers = client.Send(all.AsSpan(0, split)) + client.Send(all.AsSpan(split));

            Assert.Equal(
                ["SaslMechanisms Success PLAIN", "SaslAuthenticate AuthenticationFailure Auth failure.",
                    "SaslAuthenticate AuthenticationContinues", "SaslStep Success Authenticated", "Set Success +cas",
                    "Get Success f0 a +cas"],
                BinaryReply.Describe(answers));
        }
    }

    [Fact]
    public void Message_LongerThanAnyThatIsRight_IsNotHeld()
    {
        using Conversation client = new(_gateway);

        string answer = Say(client, Ask.For(BinaryOpcode.SaslAuthenticate, "PLAIN", new string('x', 1025)));

        Assert.Equal($"SaslAuthenticate InvalidArguments Invalid arguments|{SaslCases.Closed}", answer);
        Assert.Equal(0, client.Counters.AuthCommands);
    }

    [Fact]
    public void Client_ThatIsKnown_MayShowItAgainAndIsClosedIfItIsWrong()
    {
        using Conversation client = new(_gateway);
        Say(client, Ask.Plain("user", "password"));

        Assert.Equal("SaslMechanisms Success PLAIN", Say(client, Ask.For(BinaryOpcode.SaslMechanisms)));
        Assert.Equal("SaslAuthenticate Success Authenticated", Say(client, Ask.Plain("ann", "b:c")));
        Assert.Equal("Set Success +cas", Say(client, Ask.Set("k", "a")));
        Assert.Equal(
            $"SaslAuthenticate AuthenticationFailure Auth failure.|{SaslCases.Closed}", Say(client, Ask.Plain("ann", "b")));
    }

    [Fact]
    public void TextClient_BesideABinaryOne_AuthenticatesAsBefore()
    {
        using Conversation binary = new(_gateway);
        using Conversation text = new(_gateway);
        Say(binary, Ask.Plain("user", "password"));

        Assert.Equal(AuthenticationCases.Unauthenticated, text.Send("get k\r\n"));
        Assert.Equal("STORED\r\n", text.Send(AuthenticationCases.Authenticate));
        Assert.Equal("Get NotFound Not found", Say(binary, Ask.Get("k")));
    }

    [Fact]
    public void Statistics_CountAttemptsAndSayThatThereIsSasl()
    {
        using Conversation client = new(_gateway);
        Say(client, Ask.Plain("user", "no"));
        Say(client, Ask.For(BinaryOpcode.SaslAuthenticate, "PLAIN"));
        Say(client, Ask.Plain("user", "password"));

        List<BinaryReply> settings = BinaryReply.ReadAll(client.Send(Ask.For(BinaryOpcode.Stat, "settings")));

        Assert.Equal((2L, 1L), (client.Counters.AuthCommands, client.Counters.AuthErrors));
        Assert.Contains(settings, reply => (reply.Key, reply.Value) == ("auth_enabled_sasl", "yes"));
    }

    [Theory]
    [InlineData("\0user\0password", true)]
    [InlineData("user\0user\0password", true)]
    [InlineData("ann\0user\0password", false)]
    [InlineData("\0user", false)]
    [InlineData("user", false)]
    [InlineData("", false)]
    public void Plain_OfAMessage_IsReadIfItIsOne(string message, bool isOne)
    {
        bool isRead = SaslPlain.TryRead(
            Encoding.ASCII.GetBytes(message), out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> password);

        Assert.Equal(isOne, isRead);
        if (isOne)
        {
            Assert.Equal(("user", "password"), (Encoding.ASCII.GetString(user), Encoding.ASCII.GetString(password)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_ThatOnlyAsksForMechanisms_IsClosedInTimeAsync(bool authenticates)
    {
        var options = new GatewayOptions { UserFile = _file.Path, AuthenticationTime = TimeSpan.FromSeconds(10) };
        await using TestGateway gateway = await TestGateway.StartAsync(options);
        await using TestClient client = await gateway.ConnectAsync();
        await gateway.Time.TimerSetAsync(options.AuthenticationTime);
        byte[] request = authenticates ? Ask.Plain("user", "password") : Ask.For(BinaryOpcode.SaslMechanisms);
        await client.SendAsync(request);
        await client.ReceiveAsync(BinaryHeader.Length + (authenticates ? "Authenticated" : "PLAIN").Length);

        gateway.Time.Advance(options.AuthenticationTime);

        if (!authenticates)
        {
            Assert.True(await client.IsEndedAsync());
            Assert.Equal(1, gateway.State.AuthenticationTimeouts);
            return;
        }

        await client.SendAsync(Ask.NoOp());
        Assert.Equal("NoOp Success", Assert.Single(BinaryReply.ReadAll(await client.ReceiveAsync(BinaryHeader.Length))).ToString());
    }

    private static string Say(Conversation client, byte[] request) =>
        SaslCases.Describe(BinaryReply.ReadAll(client.Send(request)), client.IsClosed);
}
