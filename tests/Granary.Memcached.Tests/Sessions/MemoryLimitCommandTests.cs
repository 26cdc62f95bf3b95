using System.Net;
using System.Net.Sockets;
using System.Text;
using Granary.Memcached.Tests.Meta;
using Granary.Tests.Shared.Processes;

namespace Granary.Memcached.Tests.Sessions;

/// <summary>cache_memlimit (rules of section 9); the answers are memcached 1.6.18's and 1.6.45's.</summary>
public sealed class MemoryLimitCommandTests : IDisposable
{
    private readonly MetaTalk _talk = new();

    [Fact]
    public void Limit_IsChangedAndTold()
    {
        _talk.Says("cache_memlimit 32|", "OK|");

        Assert.Contains($"|STAT limit_maxbytes {32 << 20}|", _talk.Ask("stats|"), StringComparison.Ordinal);
        Assert.Contains($"STAT maxbytes {32 << 20}|", _talk.Ask("stats settings|"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cache_memlimit|", "ERROR|")]
    [InlineData("cache_memlimit x|", "ERROR|")]
    [InlineData("cache_memlimit -1|", "ERROR|")]
    [InlineData("cache_memlimit 18446744073709551616|", "ERROR|")]
    [InlineData("cache_memlimit 4294967296|", "MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes|")]
    [InlineData("cache_memlimit 0|", "MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m|")]
    [InlineData("cache_memlimit 7|", "MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m|")]
    [InlineData("cache_memlimit 8|", "OK|")]
    [InlineData("cache_memlimit 1024|", "OK|")] // sixteen times what it was started with
    [InlineData("cache_memlimit 1025|", "MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust|")]
    [InlineData("cache_memlimit 1000000000|", "MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust|")]
    [InlineData("cache_memlimit 1000000001|", "MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes|")]
    public void Limit_IsCheckedInMemcachedsWords(string request, string answer) => _talk.Says(request, answer);

    [Theory]
    [InlineData("cache_memlimit 16 noreply|", 16)]
    [InlineData("cache_memlimit 7 noreply|", 64)]
    [InlineData("cache_memlimit x noreply|", 64)]
    public void NoReply_SaysNothing(string request, int megabytes)
    {
        _talk.Says(request, "");

        Assert.Contains($"|STAT limit_maxbytes {megabytes << 20}|", _talk.Ask("stats|"), StringComparison.Ordinal);
    }

    // Not of what is greater than the addresses that a store reserves: memcached would believe it. Nor of 33 bits: of those it
    // takes 32.
    [Fact]
    public async Task Limit_IsAnsweredAsByMemcachedAsync()
    {
        const string Requests = "cache_memlimit|cache_memlimit x|cache_memlimit -1|cache_memlimit 0|"
            + "cache_memlimit 7|cache_memlimit 7 noreply|cache_memlimit x noreply|cache_memlimit noreply|cache_memlimit 8|"
            + "cache_memlimit 32|cache_memlimit 64 noreply|cache_memlimit 1000000001|quit|";
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, memcached.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(Requests.Replace("|", "\r\n", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());

        string theirs = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        _talk.Says(Requests, theirs.Replace("\r\n", "|", StringComparison.Ordinal));
    }

    public void Dispose() => _talk.Dispose();
}
