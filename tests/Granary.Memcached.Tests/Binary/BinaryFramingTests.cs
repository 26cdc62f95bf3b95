using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Binary;

/// <summary>Which protocol a connection speaks, wrong requests, and those that are about no entry.</summary>
public sealed class BinaryFramingTests : IDisposable
{
    private readonly BinaryTalk _talk = new();

    public void Dispose() => _talk.Dispose();

    [Fact]
    public void Connection_ThatBeginsInText_StaysSo()
    {
        Assert.Equal("END|", _talk.Text("get k|"));
        Assert.Equal("ERROR|", _talk.Text("\u0080\u0080\n"));
        Assert.Equal("ERROR|", _talk.Text($"{(char)BinaryHeader.RequestMagic}{new string('\0', 23)}\n"));
        Assert.Equal("END|", _talk.Text("get k|"));
    }

    [Theory]
    [InlineData("get k\r\n")]
    [InlineData("\u0081")]
    [InlineData("\r")]
    public void Connection_ThatBeginsBinary_ClosesOnAnyOtherMagic(string bytes)
    {
        _talk.Says(Ask.NoOp(), "NoOp Success");

        Assert.Empty(_talk.Client.Send(bytes));

        Assert.True(_talk.Client.IsClosed);
    }

    [Fact]
    public void Connection_OfOneByte_IsBinaryAlready()
    {
        byte[] request = Ask.Get("no");

        Assert.Empty(_talk.Client.Send(request.AsSpan(0, 1)));

        _talk.Says(request[1..], "Get NotFound Not found");
    }

    [Theory]
    [InlineData(0x1B)] // verbosity, which memcached does not have
    [InlineData(0x1F)]
    [InlineData(0x25)]
    [InlineData(0x30)]
    [InlineData(0xFF)]
    [InlineData(0x20)] // SASL, which nobody has to use here
    public void Request_Unknown_IsAnsweredAndItsBodySwallowed(byte opcode)
    {
        byte[] request = opcode == 0x20
            ? Ask.Header((BinaryOpcode)opcode)
            : Ask.For((BinaryOpcode)opcode, "key", new string('v', 100_000), [1, 2, 3, 4, 5]);

        BinaryReply[] replies = [.. _talk.Send([.. request, .. Ask.NoOp()])];

        Assert.Equal(
            [(BinaryStatus.UnknownCommand, "Unknown command"), (BinaryStatus.Success, "")],
            replies.Select(static reply => (reply.Status, reply.Value)));
        Assert.Equal(opcode, (byte)replies[0].Opcode);
    }

    [Theory]
    [InlineData((byte)BinaryOpcode.SaslAuthenticate)]
    [InlineData((byte)BinaryOpcode.SaslStep)]
    public void Sasl_WhereNobodyHasTo_IsUnknownAndItsBodySwallowed(byte opcode) => _talk.Says(
        [.. Ask.For((BinaryOpcode)opcode, "PLAIN", "\0user\0password"), .. Ask.NoOp()],
        $"{(BinaryOpcode)opcode} UnknownCommand Unknown command",
        "NoOp Success");

    [Theory]
    [InlineData((byte)BinaryOpcode.Get, 0, 0, 0)]
    [InlineData((byte)BinaryOpcode.Get, 1, 0, 2)]
    [InlineData((byte)BinaryOpcode.Get, 1, 4, 5)]
    [InlineData((byte)BinaryOpcode.GetKeyQuiet, 251, 0, 251)]
    [InlineData((byte)BinaryOpcode.Set, 0, 8, 9)]
    [InlineData((byte)BinaryOpcode.Set, 1, 0, 2)]
    [InlineData((byte)BinaryOpcode.AddQuiet, 1, 7, 9)]
    [InlineData((byte)BinaryOpcode.Replace, 251, 8, 260)]
    [InlineData((byte)BinaryOpcode.Append, 0, 0, 1)]
    [InlineData((byte)BinaryOpcode.PrependQuiet, 1, 8, 10)]
    [InlineData((byte)BinaryOpcode.Delete, 0, 0, 0)]
    [InlineData((byte)BinaryOpcode.Delete, 1, 4, 5)]
    [InlineData((byte)BinaryOpcode.Delete, 1, 0, 2)]
    [InlineData((byte)BinaryOpcode.Increment, 1, 0, 1)]
    [InlineData((byte)BinaryOpcode.Increment, 0, 20, 20)]
    [InlineData((byte)BinaryOpcode.DecrementQuiet, 1, 20, 22)]
    [InlineData((byte)BinaryOpcode.Touch, 1, 0, 1)]
    [InlineData((byte)BinaryOpcode.GetAndTouch, 0, 4, 4)]
    [InlineData((byte)BinaryOpcode.GetKeyAndTouchQuiet, 1, 4, 6)]
    [InlineData((byte)BinaryOpcode.Flush, 0, 3, 3)]
    [InlineData((byte)BinaryOpcode.Flush, 1, 0, 1)]
    [InlineData((byte)BinaryOpcode.FlushQuiet, 0, 4, 5)]
    [InlineData((byte)BinaryOpcode.NoOp, 1, 0, 1)]
    [InlineData((byte)BinaryOpcode.Version, 0, 0, 1)]
    [InlineData((byte)BinaryOpcode.Quit, 0, 4, 4)]
    [InlineData((byte)BinaryOpcode.Stat, 0, 4, 4)]
    [InlineData((byte)BinaryOpcode.Stat, 1, 0, 2)]
    [InlineData((byte)BinaryOpcode.SaslAuthenticate, 0, 0, 5)]
    [InlineData((byte)BinaryOpcode.SaslStep, 5, 1, 6)]
    [InlineData((byte)BinaryOpcode.SaslAuthenticate, 5, 0, 5 + 1025)]
    [InlineData((byte)BinaryOpcode.SaslMechanisms, 5, 0, 5)]
    public void Request_OfWrongLengths_IsAnsweredAndCloses(byte opcode, int key, int extras, long body)
    {
        _talk.Says(Ask.Header((BinaryOpcode)opcode, key, extras, body), $"{(BinaryOpcode)opcode} InvalidArguments Invalid arguments");

        Assert.True(_talk.Client.IsClosed);
        Assert.Equal(1, _talk.Client.Counters.ProtocolErrors);
    }

    [Theory]
    [InlineData(2, 0, 1)]
    [InlineData(0, 5, 4)]
    [InlineData(1, 8, 8)]
    [InlineData(65535, 255, 65789)]
    public void Request_WhosePartsAreLongerThanTheWhole_IsAnsweredAndCloses(int key, int extras, long body)
    {
        _talk.Says(Ask.Header(BinaryOpcode.Set, key, extras, body), "Set UnknownCommand Unknown command");

        Assert.True(_talk.Client.IsClosed);
    }

    [Fact]
    public void Requests_BehindOneThatCloses_AreNotRun()
    {
        _talk.Says(
            [.. Ask.Set("k", "a"), .. Ask.Header(BinaryOpcode.Get), .. Ask.Delete("k")],
            "Set Success +cas",
            "Get InvalidArguments Invalid arguments");

        Assert.Equal("HD|", _talk.Text("mg k|"));
    }

    [Theory]
    [InlineData((byte)BinaryOpcode.Quit, "Quit Success")]
    [InlineData((byte)BinaryOpcode.QuitQuiet)]
    public void Quit_ClosesAndWhatFollowsIsNotRun(byte opcode, params string[] replies)
    {
        _talk.Says([.. Ask.For((BinaryOpcode)opcode), .. Ask.Set("k", "a")], replies);

        Assert.True(_talk.Client.IsClosed);
        Assert.Equal("EN|", _talk.Text("mg k|"));
    }

    [Fact]
    public void Version_TellsThatOfTheTextProtocol()
    {
        BinaryReply reply = Assert.Single(_talk.Send(Ask.For(BinaryOpcode.Version)));

        Assert.Equal($"VERSION {reply.Value}|", _talk.Text("version|"));
    }

    [Fact]
    public void Stat_WithoutAKey_TellsAllOfTheTextProtocolAndEnds()
    {
        _talk.Send(Ask.Set("k", "a"));

        List<BinaryReply> replies = _talk.Send(Ask.For(BinaryOpcode.Stat, opaque: 5));

        Assert.Equal("Stat Success", replies[^1].ToString());
        Assert.Contains(replies, reply => (reply.Key, reply.Value) == ("cmd_set", "1"));
        string[] names = [.. replies.SkipLast(1).Select(static reply => reply.Key)];
        Assert.Equal(
            _talk.Text("stats|").Split('|').SkipLast(2).Select(static line => line.Split(' ')[1]).ToArray(), names);
        Assert.All(replies, reply => Assert.Equal(5u, reply.Opaque));
    }

    [Fact]
    public void Stat_OfASection_TellsItOrThatThereIsNone()
    {
        List<BinaryReply> settings = _talk.Send(Ask.For(BinaryOpcode.Stat, "settings"));

        Assert.Contains(settings, reply => (reply.Key, reply.Value) == ("binding_protocol", "auto-negotiate"));
        Assert.Contains(settings, reply => (reply.Key, reply.Value) == ("auth_enabled_sasl", "no"));
        _talk.Says(Ask.For(BinaryOpcode.Stat, "no"), "Stat NotFound Not found");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connection_OfEitherKind_SpeaksBinaryAsync(bool isTls)
    {
        using var certificate = TestCertificates.Create("gateway");
        var options = new GatewayOptions();
        if (isTls)
        {
            options.Tls = () => new System.Net.Security.SslServerAuthenticationOptions { ServerCertificate = certificate };
        }

        await using TestGateway gateway = await TestGateway.StartAsync(options);
        await using TestClient client = await gateway.ConnectAsync();
        if (isTls)
        {
            await client.SecureAsync();
        }

        string value = new('v', 500_000);
        await client.SendAsync((byte[])[.. Ask.Set("k", value, flags: 1), .. Ask.Get("k"), .. Ask.For(BinaryOpcode.Quit)]);
        string answers = await client.ReceiveAsync((3 * BinaryHeader.Length) + sizeof(uint) + value.Length);

        Assert.Equal(
            ["Set Success +cas", $"Get Success f1 {value} +cas", "Quit Success"],
            BinaryReply.Describe(answers));
        Assert.True(await client.IsEndedAsync());
    }
}
