using System.Net;
using System.Net.Sockets;
using Granary.Memcached.Tests.Doubles;
using Granary.Tests.Shared.Processes;

namespace Granary.Memcached.Tests.Access;

/// <summary>memcached itself answers what the cases say that Granary answers.</summary>
public sealed class MemcachedDifferentialTests
{
    [Fact]
    public async Task Memcached_WithAUserFile_AnswersAsTheCasesSayAsync()
    {
        using var file = new TemporaryUserFile(AuthenticationCases.UserFile);
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync("-Y", file.Path);

        foreach ((string request, string expected) in AuthenticationCases.All.Select(row => row.Data))
        {
            await using TestClient client = await ConnectAsync(memcached.Port);
            Assert.Equal((request, expected), (request, await client.AskAsync(request, expected)));
            string next = expected == "STORED\r\n" ? "END\r\n" : AuthenticationCases.Unauthenticated;
            Assert.Equal((request, next), (request, await client.AskAsync("get k\r\n", next)));
        }
    }

    [Fact]
    public async Task Memcached_OfAnOverLongLine_ClosesWithoutAByteAsync()
    {
        using var file = new TemporaryUserFile(AuthenticationCases.UserFile);
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync("-Y", file.Path);
        await using TestClient client = await ConnectAsync(memcached.Port);

        await client.SendAsync(new string('x', 2049));

        Assert.True(await client.IsEndedAsync());
    }

    private static async Task<TestClient> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new TestClient(new NetworkStream(socket, ownsSocket: true));
    }
}
