using System.Net.Sockets;
using Granary.Memcached.Server;
using Microsoft.Extensions.Options;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>A memcached port on loopback, over a cache without a cluster.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly TestCache _cache = new();

    private TestGateway(GatewayOptions options)
    {
        options.Port = 0;
        options.Threads = 1;
        Gateway = new MemcachedGateway(_cache.Local, Options.Create(options), Time, Logger);
    }

    public ObservedTimeProvider Time { get; } = new();

    public RecordingLogger<MemcachedGateway> Logger { get; } = new();

    public MemcachedGateway Gateway { get; }

    public GatewayState State => Gateway.State;

    public static async Task<TestGateway> StartAsync(GatewayOptions options)
    {
        var test = new TestGateway(options);
        await test.Gateway.StartingAsync(CancellationToken.None);
        await test.Gateway.StartedAsync(CancellationToken.None);
        return test;
    }

    /// <summary>Connects, and says nothing.</summary>
    public async Task<TestClient> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Gateway.EndPoint, TestContext.Current.CancellationToken);
        return new TestClient(new NetworkStream(socket, ownsSocket: true));
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.StoppingAsync(new CancellationToken(canceled: true));
        Gateway.Dispose();
        _cache.Dispose();
    }
}
