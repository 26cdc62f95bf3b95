using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Clients;

/// <summary>memcached's own tool for administrators, as its package has it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class MemcachedToolTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    private const string Tool = "/usr/share/memcached/scripts/memcached-tool"; // Debian's place

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Display_ShowsOneClassAsync()
    {
        await SetAsync("key", "value");

        string[] lines = await RunAsync("display");

        Assert.Contains("Item_Size", lines[0], StringComparison.Ordinal);
        Assert.Matches(@"^\s+1\s+[0-9]+B\s", lines[1]);
    }

    [Fact]
    public async Task Dump_SaysHowToStoreEverythingAgainAsync()
    {
        await SetAsync("a key:with%signs".Replace(' ', '_'), "value");

        string[] lines = await RunAsync("dump");

        int at = Array.IndexOf(lines, "add a_key:with%signs 0 0 5");
        Assert.True(at >= 0, string.Join('\n', lines));
        Assert.Equal("value", lines[at + 1]);
    }

    [Fact]
    public async Task Stats_ShowWhatIsCountedAsync()
    {
        Assert.Contains(await RunAsync("stats"), line => line.Contains("curr_items", StringComparison.Ordinal));
        Assert.Contains(await RunAsync("settings"), line => line.Contains("item_size_max", StringComparison.Ordinal));
        Assert.Contains(await RunAsync("sizes"), line => line.Contains("sizes_status", StringComparison.Ordinal));
    }

    private async Task SetAsync(string key, string value)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Port);
        Assert.Equal("STORED", await connection.SetAsync(key, value));
    }

    private async Task<string[]> RunAsync(string mode)
    {
        if (!File.Exists(Tool))
        {
            throw RequiredProgram.Missing($"memcached-tool is not in {Tool} (Debian: memcached).");
        }

        await using ChildProcess tool = ChildProcess.Start(
            "memcached-tool", ChildProcess.CreateFolder(), RequiredProgram.Locate("perl"), [Tool, $"127.0.0.1:{silo.Port}", mode]);
        int exitCode = await tool.WaitForExitAsync(Deadline);
        Assert.True(exitCode == 0, tool.Output.ToString());
        return [.. tool.Output.Lines()];
    }
}
