using System.Text.Json;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Watching;

/// <summary>What the console shows is what happened, counted by who made it happen.</summary>
public sealed class ConsoleFigureTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    private const int Rounds = 60;
    private const int KeysOfARound = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Rates_AddedUpOverALoad_AreItsOperationsAsync()
    {
        using var console = ConsoleReader.Of(silo.Silo);
        using var end = new CancellationTokenSource();
        var seen = new TaskCompletionSource();
        Task<List<JsonElement>> watching = CollectAsync(console, seen, end.Token);
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await LoadAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken); // two more events: all of it is in one
        await end.CancelAsync();
        List<JsonElement> events = await watching;

        // 100 entries are there, 50 read and found at each round, 25 read and not found.
        AssertAbout(Rounds * KeysOfARound, Integrate(events, "hits"));
        AssertAbout(Rounds * KeysOfARound / 2, Integrate(events, "misses"));
        AssertAbout(Rounds * 2, Integrate(events, "stores"));
        JsonElement last = events[^1].GetProperty("silos")[0];
        Assert.Equal(await silo.StatisticAsync("curr_items"), last.GetProperty("entries").GetInt64());
        Assert.Equal(256, last.GetProperty("shards").GetInt32());
        Assert.Equal(await silo.StatisticAsync("limit_maxbytes"), last.GetProperty("budgetBytes").GetInt64());
        Assert.All(events[^1].GetProperty("shards").GetProperty("servedBy").EnumerateArray(), static shard => Assert.Equal(0, shard.GetInt32()));
        Assert.Equal("hot-0", events[^1].GetProperty("hotKeys")[0].GetProperty("key").GetString());
    }

    [Fact]
    public async Task History_OfASiloThatHasRunForAWhile_HasItsStepsAsync()
    {
        using var console = ConsoleReader.Of(silo.Silo);
        await silo.WaitForStatisticAsync("uptime", "more than two steps", static seconds => seconds > 21);

        JsonElement history = await console.GetAsync("console/history");

        Assert.Equal(10, history.GetProperty("stepSeconds").GetInt32());
        Assert.InRange(history.GetProperty("times").GetArrayLength(), 1, 360);
        Assert.Equal(history.GetProperty("times").GetArrayLength(), history.GetProperty("hits").GetArrayLength());
    }

    [Fact]
    public async Task FlushAll_OfAClient_IsAmongWhatHappenedAsync()
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Port);
        Assert.Equal("OK", await connection.CommandAsync("flush_all 1000000"));

        using var console = ConsoleReader.Of(silo.Silo);
        await console.WaitForAsync("cluster", "a flush", static state => state.GetProperty("happened").EnumerateArray()
            .Any(static one => one.GetProperty("kind").GetString() == "flushed"));
    }

    // DNS rebinding: a name of somebody else's that leads here.
    [Theory]
    [InlineData("POST", "console/silos/drain")]
    [InlineData("GET", "console/events")]
    [InlineData("GET", "console/history")]
    public async Task PageThatWasOpenedByAnotherSitesName_NeitherReadsNorActsAsync(string method, string path)
    {
        using var console = ConsoleReader.Of(silo.Silo);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Host = "somebody.example";
        request.Headers.Add("X-Granary-Console", "1");
        if (request.Method == HttpMethod.Post)
        {
            request.Content = new StringContent("""{"silo":"silo-0"}""", System.Text.Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage answer = await console.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.Forbidden, answer.StatusCode);
        await silo.AssertServesAsync();
    }

    private async Task LoadAsync()
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Port);
        for (int key = 0; key < KeysOfARound; key++)
        {
            Assert.Equal("STORED", await connection.SetAsync($"read-{key}", "value"));
        }

        Assert.Equal("STORED", await connection.SetAsync("hot-0", "value"));
        string[] present = [.. Enumerable.Range(0, KeysOfARound).Select(static key => key % 2 == 0 ? "hot-0" : $"read-{key}")];
        string[] absent = [.. Enumerable.Range(0, KeysOfARound / 2).Select(static key => $"absent-{key}")];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (string key in present)
            {
                Assert.NotNull(await connection.GetAsync(key));
            }

            Assert.Empty(await connection.GetAsync(absent));
            Assert.Equal("STORED", await connection.SetAsync($"written-{round}", "value"));
            Assert.Equal("STORED", await connection.SetAsync($"written-{round}", "other"));
            await Task.Delay(Pause);
        }
    }

    private static async Task<List<JsonElement>> CollectAsync(ConsoleReader console, TaskCompletionSource seen, CancellationToken end)
    {
        List<JsonElement> events = [];
        try
        {
            await foreach (JsonElement item in console.WatchAsync("cluster", end))
            {
                events.Add(item);
                seen.TrySetResult();
            }
        }
        catch (OperationCanceledException)
        {
        }

        return events;
    }

    // Rates are those since the event before.
    private static double Integrate(List<JsonElement> events, string rate)
    {
        double sum = 0;
        foreach ((JsonElement earlier, JsonElement later) in events.Zip(events.Skip(1)))
        {
            double seconds = (later.GetProperty("time").GetInt64() - earlier.GetProperty("time").GetInt64()) / 1000.0;
            sum += seconds * later.GetProperty("silos")[0].GetProperty("rates").GetProperty(rate).GetDouble();
        }

        return sum;
    }

    // The times of events are those of their sending; the silo's own differ by milliseconds.
    private static void AssertAbout(double expected, double actual) =>
        Assert.InRange(actual, 0.95 * expected, (1.05 * expected) + KeysOfARound + 1);
}
