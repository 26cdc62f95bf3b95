using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>A text client of memcached itself. What it waits for comes, or the test's deadline.</summary>
internal sealed class MemcachedTalk : IAsyncDisposable
{
    private const string Last = "MN\r\n";

    private readonly TestClient _client;

    private MemcachedTalk(TestClient client)
    {
        _client = client;
    }

    /// <param name="port">On loopback.</param>
    public static async Task<MemcachedTalk> OpenAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return new MemcachedTalk(new TestClient(new NetworkStream(socket, ownsSocket: true)));
    }

    /// <summary>Sends whole commands. Line ends are written as a bar, in both directions.</summary>
    /// <returns>All that is answered.</returns>
    public async Task<string> AskAsync(string request)
    {
        await _client.SendAsync($"{request}mn|".Replace("|", "\r\n", StringComparison.Ordinal));
        var answer = new StringBuilder();
        while (!EndsWithLast(answer))
        {
            string one = await _client.ReceiveAsync(1);
            Assert.True(one.Length > 0, $"memcached has closed the connection after '{request}' -> '{answer}'");
            answer.Append(one);
        }

        return answer.ToString(0, answer.Length - Last.Length).Replace("\r\n", "|", StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static bool EndsWithLast(StringBuilder answer) =>
        answer.Length >= Last.Length && answer.ToString(answer.Length - Last.Length, Last.Length) == Last;
}
