using Granary.Memcached.Protocol.Binary;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Binary;
using Granary.Memcached.Tests.Doubles;
using Granary.Store.Entries;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Connections;

/// <summary>What memcached's flags -B, -F, -R and -M do to a conversation.</summary>
public sealed class PortOptionTests : IDisposable
{
    private readonly TestCache _cache = new(eviction: EvictionPolicy.None);

    public void Dispose() => _cache.Dispose();

    [Theory]
    [InlineData(ServedProtocols.Any, false)]
    [InlineData(ServedProtocols.Text, false)]
    [InlineData(ServedProtocols.Binary, true)]
    public void Text_IsSpokenUnlessBinaryAloneIs(ServedProtocols protocols, bool isClosed)
    {
        using Conversation client = Talk(new GatewayOptions { Protocols = protocols });

        string answer = client.Send("get a-key-that-is-as-long-as-a-header\r\n");

        Assert.Equal(isClosed, client.IsClosed);
        Assert.Equal(!isClosed, answer == "END\r\n");
    }

    [Theory]
    [InlineData(ServedProtocols.Any)]
    [InlineData(ServedProtocols.Binary)]
    public void Binary_IsSpokenUnlessTextAloneIs(ServedProtocols protocols)
    {
        using Conversation client = Talk(new GatewayOptions { Protocols = protocols });

        Assert.Equal(["NoOp Success"], BinaryReply.Describe(client.Send(Ask.NoOp())));
    }

    [Fact]
    public void Binary_WhereTextAloneIsSpoken_IsAnUnknownCommand()
    {
        using Conversation client = Talk(new GatewayOptions { Protocols = ServedProtocols.Text });

        Assert.Equal("", client.Send(Ask.For(BinaryOpcode.Version)));
        Assert.Equal("ERROR\r\n", client.Send("\r\n"));
    }

    [Theory]
    [InlineData("flush_all\r\n", "CLIENT_ERROR flush_all not allowed\r\n")]
    [InlineData("flush_all 10\r\n", "CLIENT_ERROR flush_all not allowed\r\n")]
    [InlineData("flush_all noreply\r\n", "")]
    public void Flush_ThatIsNotAllowed_IsRefused(string command, string answer)
    {
        using Conversation client = Talk(new GatewayOptions { AllowsFlush = false });
        client.Send("set k 0 0 1\r\nx\r\n");

        Assert.Equal(answer, client.Send(command));

        Assert.Equal("VALUE k 0 1\r\nx\r\nEND\r\n", client.Send("get k\r\n"));
        Assert.Equal(1, client.Counters.CmdFlush);
    }

    [Theory]
    [InlineData("lru_crawler metadump all\r\n", "ERROR metadump not allowed\r\n")]
    [InlineData("lru_crawler mgdump all\r\n", "ERROR metadump not allowed\r\n")]
    [InlineData("stats cachedump 1 0\r\n", "CLIENT_ERROR stats cachedump not allowed\r\n")]
    public void Dump_ThatIsNotAllowed_IsRefused(string command, string answer)
    {
        using Conversation client = Talk(new GatewayOptions { AllowsDumps = false });
        client.Send("set k 0 0 1\r\nx\r\n");

        Assert.Equal(answer, client.Send(command));
    }

    [Fact]
    public void Flush_ThatIsNotAllowed_IsRefusedInTheBinaryProtocol()
    {
        using Conversation client = Talk(new GatewayOptions { AllowsFlush = false });

        BinaryReply reply = Assert.Single(BinaryReply.ReadAll(client.Send(Ask.For(BinaryOpcode.Flush))));

        Assert.Equal(BinaryStatus.AuthenticationFailure, reply.Status);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 100)]
    [InlineData(20, 5)]
    [InlineData(100, 1)]
    [InlineData(101, 0)]
    public void Requests_OfOneConnection_LetOthersHaveTheirTurn(int most, int yields)
    {
        using Conversation client = Talk(new GatewayOptions { MaxRequestsPerTurn = most });

        string answers = client.Send(string.Concat(Enumerable.Repeat("get k\r\n", 100)));

        Assert.Equal(string.Concat(Enumerable.Repeat("END\r\n", 100)), answers);
        Assert.Equal(yields, client.Yields);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_OfManyTurns_AreAllAnsweredAsync(bool isUnix)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("granary-socket-");
        string path = Path.Combine(folder.FullName, "s");
        await using (TestGateway gateway = await TestGateway.StartAsync(
            new GatewayOptions { MaxRequestsPerTurn = 7, UnixSocket = isUnix ? path : null }))
        {
            await using TestClient client = isUnix ? await TestGateway.ConnectAsync(path) : await gateway.ConnectAsync();
            string expected = string.Concat(Enumerable.Repeat("END\r\n", 5000));

            Assert.Equal(expected, await client.AskAsync(string.Concat(Enumerable.Repeat("get k\r\n", 5000)), expected));

            Assert.InRange(gateway.State.SumCounters().Yields, 500, 714);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public void Set_ThatDoesNotFit_IsRefusedAndItsOldValueIsGone()
    {
        using Conversation client = Talk(new GatewayOptions());
        string value = new('x', 20_000);
        int stored = 0;
        client.Send("set old 0 0 1\r\nx\r\n");
        while (client.Send($"set k{stored} 0 0 {value.Length}\r\n{value}\r\n") == "STORED\r\n")
        {
            stored++;
        }

        const string Refusal = "SERVER_ERROR out of memory storing object\r\n";
        Assert.Equal(Refusal, client.Send($"set old 0 0 {value.Length}\r\n{value}\r\n"));
        Assert.Equal(Refusal, client.Send($"add new 0 0 {value.Length}\r\n{value}\r\n"));

        Assert.Equal("END\r\n", client.Send("get old\r\n"));
        Assert.InRange(stored, 2500, (64 << 20) / value.Length);
        Assert.All(Enumerable.Range(0, stored), number => Assert.Equal(
            $"VALUE k{number} 0 {value.Length}\r\n", client.Send($"get k{number}\r\n")[..$"VALUE k{number} 0 {value.Length}\r\n".Length]));
        Assert.Equal(3, client.Counters.NoMemory);
    }

    private Conversation Talk(GatewayOptions options) => new(new GatewayState(_cache.Local, options, new FakeTimeProvider()));
}
