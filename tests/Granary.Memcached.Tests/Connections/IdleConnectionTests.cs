using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Connections;

/// <summary>Connections that are closed because they say nothing, or are old: on a plain port and on one of TLS.</summary>
public sealed class IdleConnectionTests : IDisposable
{
    private const string Miss = "END\r\n";

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Period = Idle / 8;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(100);

    private readonly X509Certificate2 _certificate = TestCertificates.Create("server");

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData(false, "get k\r\n")]
    [InlineData(true, "get k\r\n")]
    [InlineData(false, "get k\r\nset half 0 0 3\r\na")] // a command that does not go on is no word
    [InlineData(true, "get k\r\nset half 0 0 3\r\na")]
    public async Task Client_ThatSaysNoMore_IsClosedAfterItsTimeAndNotBeforeAsync(bool isTls, string said)
    {
        await using TestGateway gateway = await StartAsync(new GatewayOptions { IdleTime = Idle }, isTls);
        await using TestClient client = await ConnectAsync(gateway, isTls);
        Assert.Equal(Miss, await client.AskAsync(said, Miss));

        TimeSpan passed = TimeSpan.Zero;
        for (; passed + Period < Idle; passed += Period)
        {
            await gateway.PassAsync(Period, () => ConnectAsync(gateway, isTls));
            Assert.Equal(0, gateway.State.IdleKicks);
        }

        for (; gateway.State.IdleKicks == 0 && passed < 2 * Idle; passed += Period)
        {
            await gateway.PassAsync(Period, () => ConnectAsync(gateway, isTls));
        }

        Assert.True(await client.IsEndedAsync());
        Assert.Equal(1, gateway.State.IdleKicks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_ThatGoesOnAsking_StaysAsync(bool isTls)
    {
        await using TestGateway gateway = await StartAsync(new GatewayOptions { IdleTime = Idle }, isTls);
        await using TestClient client = await ConnectAsync(gateway, isTls);

        for (int look = 0; look < 30; look++)
        {
            Assert.Equal(Miss, await client.AskAsync("get k\r\n", Miss));
            await gateway.PassAsync(3 * Period, () => ConnectAsync(gateway, isTls));
        }

        Assert.Equal(Miss, await client.AskAsync("get k\r\n", Miss));
        Assert.Equal(0, gateway.State.IdleKicks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_ThatIsOld_GetsItsAnswerAndTheEndWithItAsync(bool isTls)
    {
        await using TestGateway gateway = await StartAsync(new GatewayOptions { MaxConnectionAge = Age }, isTls);
        await using TestClient client = await ConnectAsync(gateway, isTls);
        Assert.Equal(Miss, await client.AskAsync("get k\r\n", Miss));
        await gateway.PassAsync(0.79 * Age, () => ConnectAsync(gateway, isTls));
        Assert.Equal(0, gateway.State.AgedConnections);
        await PassUntilOldAsync(gateway, isTls);

        Assert.Equal(Miss, await client.AskAsync("get k\r\n", Miss));

        Assert.True(await client.IsEndedAsync());
        Assert.Equal(1, gateway.State.AgedConnections);
        Assert.Equal(0, gateway.State.IdleKicks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_ThatIsOldAndAsksNothing_IsClosedAWhileLaterAsync(bool isTls)
    {
        await using TestGateway gateway = await StartAsync(new GatewayOptions { MaxConnectionAge = Age }, isTls);
        await using TestClient client = await ConnectAsync(gateway, isTls);
        Assert.Equal(Miss, await client.AskAsync("get k\r\n", Miss));
        await gateway.PassAsync(0.79 * Age, () => ConnectAsync(gateway, isTls));
        await PassUntilOldAsync(gateway, isTls);

        await gateway.PassAsync(2 * Lifetimes.LastAnswerTime, () => ConnectAsync(gateway, isTls));
        await gateway.PassAsync(2 * Lifetimes.LastAnswerTime, () => ConnectAsync(gateway, isTls));

        Assert.True(await client.IsEndedAsync());
        Assert.Equal(1, gateway.State.AgedConnections);
    }

    // By steps that are shorter than the time for a last answer. Those who see to the looks are younger.
    private static async Task PassUntilOldAsync(TestGateway gateway, bool isTls)
    {
        for (int look = 0; gateway.State.AgedConnections == 0 && look < 30; look++)
        {
            await gateway.PassAsync(TimeSpan.FromSeconds(1), () => ConnectAsync(gateway, isTls));
        }
    }

    private async Task<TestGateway> StartAsync(GatewayOptions options, bool isTls)
    {
        if (isTls)
        {
            options.Tls = () => new SslServerAuthenticationOptions { ServerCertificate = _certificate };
        }

        return await TestGateway.StartAsync(options);
    }

    private static async Task<TestClient> ConnectAsync(TestGateway gateway, bool isTls)
    {
        TestClient client = await gateway.ConnectAsync();
        return isTls ? await client.SecureAsync() : client;
    }
}
