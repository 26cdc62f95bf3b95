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

    /// <summary>Connects to its Unix socket.</summary>
    public static async Task<TestClient> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
        return new TestClient(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Time passes, and all connections are looked at; a client that has just come sees to that.</summary>
    public async Task PassAsync(TimeSpan time, Func<Task<TestClient>> connect)
    {
        Time.Advance(time);
        await using TestClient other = await connect();
        for (int turn = 0; turn < 2; turn++) // what comes with the second one was read in a later turn of the loop
        {
            Assert.Equal("END\r\n", await other.AskAsync("get other\r\n", "END\r\n"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.StoppingAsync(new CancellationToken(canceled: true));
        Gateway.Dispose();
        _cache.Dispose();
    }
}
