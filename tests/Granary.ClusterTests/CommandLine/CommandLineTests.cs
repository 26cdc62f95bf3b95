using System.Text;
using System.Text.Json;
using Granary.Client;
using Granary.ClusterTests.Security;
using Granary.ClusterTests.Silos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.CommandLine;

/// <summary>The tool's process against a silo's.</summary>
public sealed class CommandLineTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task Entry_ThroughPipes_IsTheSameByteForByteAsync()
    {
        byte[] value = new byte[150_000]; // two pages
        new Random(7).NextBytes(value);

        ToolRun set = await RunAsync(value, "set", "tool:binary", "-", "--ttl", "10m");
        ToolRun get = await RunAsync("get", "tool:binary");
        ToolRun delete = await RunAsync("delete", "tool:binary", "--json");
        ToolRun[] missing = await Task.WhenAll(RunAsync("get", "tool:binary"), RunAsync("delete", "tool:binary"));

        Assert.Equal(new ToolRun(0, [], ""), set with { Bytes = [] });
        Assert.Equal("Stored.\n", set.Text);
        Assert.Equal(0, get.ExitCode);
        Assert.Equal(value, get.Bytes);
        Assert.Equal("{\"action\":\"delete\",\"about\":\"tool:binary\",\"count\":1}\n", delete.Text);
        Assert.All(missing, static run =>
        {
            Assert.Equal(1, run.ExitCode);
            Assert.Equal("granary: There is no key 'tool:binary'.\n", run.Error);
            Assert.Empty(run.Bytes);
        });
    }

    [Fact]
    public async Task TimesThatAreGiven_AreKeptAsync()
    {
        ToolRun[] given = await Task.WhenAll(
            RunAsync("set", "tool:short", "x", "--ttl", "1ms"), RunAsync("queue", "send", "tool-later", "x", "--delay", "1h"));
        ToolRun[] looks = await Task.WhenAll(
            RunAsync("get", "tool:short"),
            RunAsync("queue", "peek", "tool-later", "--state", "delayed", "--json"),
            RunAsync("queue", "peek", "tool-later", "--state", "ready", "--json"));

        Assert.Equal([0, 0], given.Select(static run => run.ExitCode));
        Assert.Equal(1, looks[0].ExitCode); // the tool's own start takes longer than a millisecond
        Assert.Equal(
            [1, 0],
            looks[1..].Select(static run => JsonDocument.Parse(run.Bytes).RootElement.GetProperty("messages").GetArrayLength()));
    }

    [Fact]
    public async Task Queue_FromSendToPurge_IsOperatedAsync()
    {
        ToolRun sent = await RunAsync(
            Encoding.UTF8.GetBytes("by pipe"),
            "queue", "send", "tool", "-", "--id", "m-1", "--group", "g", "--subject", "s", "--header", "a=b=c");
        ToolRun[] looks = await Task.WhenAll(
            RunAsync("queue", "send", "tool", "again", "--id", "m-1", "--group", "g"),
            RunAsync("queue", "list"),
            RunAsync("queue", "peek", "tool", "--state", "ready", "--json"));
        ToolRun paused = await RunAsync("queue", "pause", "tool");
        ToolRun list = await RunAsync("queue", "list");
        ToolRun resumed = await RunAsync("queue", "resume", "tool");
        await DeadLetterAsync("tool");
        ToolRun dead = await RunAsync("queue", "peek", "tool");
        ToolRun redriven = await RunAsync("queue", "redrive", "tool", "--reason", "Tried");
        ToolRun purged = await RunAsync("queue", "purge", "tool", "--state", "ready");

        Assert.Equal((0, ""), (sent.ExitCode, sent.Error));
        Assert.Equal($"{sent.Text.Trim()} (it was there)\n", looks[0].Text);
        Assert.Matches("(?m)^tool +ok +1 +0 ", looks[1].Text);
        using JsonDocument page = JsonDocument.Parse(looks[2].Bytes);
        JsonElement message = page.RootElement.GetProperty("messages")[0];
        Assert.Equal("by pipe", message.GetProperty("body").GetString());
        Assert.Equal("b=c", message.GetProperty("headers").GetProperty("a").GetString());
        Assert.Equal("tool is paused; 'granary queue resume tool' ends that.\n", paused.Text);
        Assert.Matches("(?m)^tool +paused ", list.Text);
        Assert.Equal((0, "tool gives messages out.\n"), (resumed.ExitCode, resumed.Text));
        Assert.Contains("Tried: by a test", dead.Text, StringComparison.Ordinal);
        Assert.Equal("1 message of tool ready again.\n", redriven.Text);
        Assert.Equal("1 ready message of tool removed.\n", purged.Text);
    }

    [Fact]
    public async Task Name_ThatIsWrong_IsSaidInOneSentenceAsync()
    {
        ToolRun[] runs = await Task.WhenAll(
            RunAsync("drain", "nobody"), RunAsync("queue", "peek", "nobody"), RunAsync("queue", "send", "no$name", "x"), RunSiloAsync("top", "--count", "0"));

        Assert.Equal([1, 1, 2, 2], runs.Select(static run => run.ExitCode));
        Assert.Equal($"granary: There is no silo 'nobody'; the cluster has {silo.Silo.Name}.\n", runs[0].Error);
        Assert.Equal("granary: There is no queue 'nobody'; 'queue list' shows those that there are.\n", runs[1].Error);
        Assert.StartsWith("granary: 'no$name' is no name of a queue; ", runs[2].Error, StringComparison.Ordinal);
        Assert.StartsWith("granary: --count is 0; ", runs[3].Error, StringComparison.Ordinal);
        Assert.All(runs, static run => Assert.Empty(run.Bytes));
    }

    [Fact]
    public async Task Cluster_ThatIsNotThere_IsSaidWithinTheTimeoutAsync()
    {
        long begin = TimeProvider.System.GetTimestamp();

        ToolRun run = await ToolRun.StartAsync(ToolRun.Tool, [], "status", "--connect", "127.0.0.1:1", "--timeout", "1");

        Assert.Equal(3, run.ExitCode);
        Assert.Matches("^granary: No silo at 127.0.0.1:1 answered within 1 s: check the address, .*--credentials\\)\\.\n$", run.Error);
        Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(15));
    }

    private async Task DeadLetterAsync(string queue)
    {
        using IHost host = await CredentialSet.ConnectAsync($"{silo.Silo.Gateway}", tls: null);
        IQueueReceiver receiver = host.Services.GetRequiredService<IGranaryQueues>().CreateReceiver(queue);
        ReceivedMessage message = (await receiver.ReceiveAsync(1, TimeSpan.FromSeconds(10)))[0];
        await receiver.DeadLetterAsync(message, "Tried", "by a test");
        await host.StopAsync();
    }

    private Task<ToolRun> RunAsync(params string[] line) => RunAsync([], line);

    private Task<ToolRun> RunAsync(byte[] input, params string[] line) =>
        ToolRun.StartAsync(ToolRun.Tool, input, [.. line, "--connect", $"{silo.Silo.Gateway}"]);

    private Task<ToolRun> RunSiloAsync(params string[] line) =>
        ToolRun.StartAsync(ToolRun.Silo, [], [.. line, "--connect", $"{silo.Silo.Gateway}"]);
}
