using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Granary.Tests.Shared.Processes;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Watching;

/// <summary>
/// memcached itself tells its watchers what Granary tells, but for the look-ups that it makes to store something: those are left
/// out here. 1.6.18 does not know deletions yet.
/// </summary>
public sealed class WatchDifferentialTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("watch|")]
    [InlineData("watch fetchers|")]
    [InlineData("watch mutations evictions connevents|")]
    [InlineData("watch x|")]
    [InlineData("watch fetchers x|")]
    [InlineData("touch a 0|watch fetchers|touch a 0|")]
    public async Task Words_AreAnsweredAlikeAsync(string request)
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        using var cache = new TestCache();
        using var granary = new Conversation(new GatewayState(cache.Local, new GatewayOptions(), new FakeTimeProvider()));
        await using TestClient client = await ConnectAsync(memcached.Port);

        string ours = granary.Send(request.Replace("|", "\r\n", StringComparison.Ordinal));

        Assert.Equal(ours, await client.AskAsync(request.Replace("|", "\r\n", StringComparison.Ordinal), ours));
    }

    [Theory]
    [InlineData("mutations", "item_store")]
    [InlineData("fetchers", "item_get")]
    public async Task Commands_AreToldAlikeAsync(string words, string type)
    {
        bool stores = words == "mutations";
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync("-t", "1");
        using var cache = new TestCache(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var gateway = new GatewayState(cache.Local, new GatewayOptions(), new FakeTimeProvider());
        using var client = new Conversation(gateway);
        using var watcher = new Conversation(gateway);
        await using TestClient theirs = await ConnectAsync(memcached.Port);
        await using TestClient their = await ConnectAsync(memcached.Port);
        async Task RunAsync(string commands)
        {
            string text = $"{commands}mn|".Replace("|", "\r\n", StringComparison.Ordinal);
            client.Send(text);
            await theirs.SendAsync(text);
            var answer = new StringBuilder();
            while (!answer.ToString().EndsWith("MN\r\n", StringComparison.Ordinal))
            {
                answer.Append(await theirs.ReceiveAsync(1));
            }
        }

        await RunAsync(stores ? "" : WatchCases.Stores);
        watcher.Send($"watch {words}\r\n");
        Assert.Equal("OK\r\n", await their.AskAsync($"watch {words}\r\n", "OK\r\n"));
        await RunAsync($"{(stores ? WatchCases.Stores : WatchCases.Reads)}{(stores ? "set last 0 0 0||" : "get last|")}");

        string told = await ReadToLastAsync(their).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(WatchCases.Lines(told, type), WatchCases.Lines(watcher.Send(""), type));
    }

    private static async Task<string> ReadToLastAsync(TestClient watcher)
    {
        var told = new StringBuilder();
        for (string line = ""; !line.Contains(" key=last ", StringComparison.Ordinal) || !line.EndsWith('\n');)
        {
            line = line.EndsWith('\n') ? "" : line;
            string one = await watcher.ReceiveAsync(1);
            Assert.True(one.Length > 0, $"memcached has closed the connection after: {told}");
            line += one;
            told.Append(one);
        }

        return told.ToString();
    }

    private static async Task<TestClient> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return new TestClient(new NetworkStream(socket, ownsSocket: true));
    }
}
