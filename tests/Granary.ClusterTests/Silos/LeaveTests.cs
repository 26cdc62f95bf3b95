using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>A silo that is told to stop hands its shards over and ends, whatever is open to it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class LeaveTests(ITestOutputHelper output)
{
    private const string HandOffSeconds = "20";

    // Well below the hand-off and the 30 s in which the host must have stopped.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Terminate_WithRequestsThatDoNotEnd_HandsOverAndEndsInTimeAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(
            siloCount: 2, "32MiB", "--hand-off", HandOffSeconds);
        SiloProcess leaving = cluster.Silos[1];
        string[] keys = SiloKeys.Of(leaving, cluster.Silos, count: 50);
        await cluster.WaitForSumAsync("granary_shards_moving", 0, Deadline);
        await SiloKeys.SetAsync(leaving, keys, "value");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{leaving.Ports.Http}") };
        using HttpResponseMessage trace = await OpenAsync(http, "/dashboard/Trace", "*/*");
        using HttpResponseMessage events = await OpenAsync(http, "/dashboard/Trace", "text/event-stream");
        using HttpResponseMessage console = await OpenAsync(http, "/console/events", "text/event-stream");
        using var body = new StreamReader(await console.Content.ReadAsStreamAsync());
        Task<string> watching = body.ReadToEndAsync();

        var clock = Stopwatch.StartNew();
        int exitCode = await leaving.TerminateAsync();

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:F1} s"));
        Assert.Equal(0, exitCode);
        Assert.True(clock.Elapsed < Deadline, $"It took {clock.Elapsed}. Its output:\n{leaving.Output}");
        Assert.Contains("Left everything to other silos", leaving.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal(keys.Length, await SiloKeys.CountAsync(cluster.Primary, keys, "value"));
        Assert.Null(await Record.ExceptionAsync(() => watching)); // it has an end: the silo has not broken it off
    }

    // Orleans' dashboard sends the silo's log for as long as the client listens; the console what it shows, and it ends that.
    private static async Task<HttpResponseMessage> OpenAsync(HttpClient http, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Stream body = await response.Content.ReadAsStreamAsync();
        Assert.NotEqual(-1, body.ReadByte());
        return response;
    }
}
