using System.Diagnostics.Metrics;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.Memcached.Tests.Access;

/// <summary>What the meter says of who was let in.</summary>
public sealed class GatewayMeterTests
{
    [Fact]
    public async Task Authentications_AreCountedByResultAsync()
    {
        using var file = new TemporaryUserFile(AuthenticationCases.UserFile);
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions { UserFile = file.Path });
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _ = new GatewayMeter(services.GetRequiredService<IMeterFactory>(), gateway.Gateway);
        await using TestClient client = await gateway.ConnectAsync();
        const string Failure = "CLIENT_ERROR authentication failure\r\n";
        Assert.Equal(Failure, await client.AskAsync("set k 0 0 13\r\nuser passwore\r\n", Failure));
        Assert.Equal("STORED\r\n", await client.AskAsync(AuthenticationCases.Authenticate, "STORED\r\n"));

        Dictionary<string, long> metrics = Read(services.GetRequiredService<IMeterFactory>());

        Assert.Equal(1, metrics["granary.memcached.authentications success"]);
        Assert.Equal(1, metrics["granary.memcached.authentications failure"]);
        Assert.Equal(0, metrics["granary.memcached.authentication.timeouts "]);
        Assert.Equal(0, metrics["granary.memcached.handshakes refused"]);
    }

    private static Dictionary<string, long> Read(IMeterFactory meters)
    {
        var metrics = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            metrics[$"{instrument.Name} {(tags.Length > 0 ? tags[0].Value : "")}"] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return metrics;
    }
}
