using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Granary.ClusterTests.Processes;
using Granary.Tests.Shared;

namespace Granary.ClusterTests.Telemetry;

/// <summary>What a silo tells Prometheus, and an autoscaler, of what it holds and has done.</summary>
[Collection(ProcessCollection.Name)]
public sealed partial class MetricsTests(BusySilo busy) : IClassFixture<BusySilo>
{
    private const int LeastNamed = 40; // or the files are not read

    private static readonly string[] Watchers = ["k8s", "docs/alerts"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_OfTheCache_CountWhatClientsDidAsync()
    {
        Scrape scrape = await Scrape.OfAsync(busy.Silo, Cancelled);

        Assert.True(scrape["granary_memcached_gets_total{result=\"hit\"}"] >= 1);
        Assert.True(scrape["granary_memcached_gets_total{result=\"miss\"}"] >= 1);
        Assert.True(scrape["granary_memcached_commands_total{command=\"set\"}"] >= 1);
        Assert.True(scrape["granary_cache_hits_total"] >= 1);
        Assert.True(scrape["granary_cache_entries{role=\"served\"}"] >= 1);
        Assert.Equal(64 << 20, scrape["granary_cache_budget_bytes"]);
        Assert.InRange(scrape["granary_cache_used_bytes"], 1, 64 << 20);
    }

    [Fact]
    public async Task Metrics_OfNamespaces_AreOneForEachAsync()
    {
        Scrape scrape = await Scrape.OfAsync(busy.Silo, Cancelled);

        Assert.Equal(
            (1, 0, 1),
            (scrape["granary_namespace_entries{namespace=\"shop\"}"],
                scrape["granary_namespace_hits_total{namespace=\"shop\"}"],
                scrape["granary_namespace_misses_total{namespace=\"shop\"}"]));
        Assert.Equal(
            (2 << 20, 2 << 20, 0),
            (scrape["granary_namespace_quota_bytes{namespace=\"shop\"}"],
                scrape["granary_namespace_share_bytes{namespace=\"shop\"}"],
                scrape["granary_namespace_quota_bytes{namespace=\"news\"}"]));
        Assert.InRange(scrape["granary_namespace_data_bytes{namespace=\"shop\"}"], 1, 100);
    }

    [Fact]
    public async Task Metrics_OfTheCluster_SayThatTheSiloServesAloneAsync()
    {
        Scrape scrape = await Scrape.OfAsync(busy.Silo, Cancelled);

        Assert.Equal(
            (1, 0, 1, 1),
            (scrape["granary_silos{state=\"active\"}"], scrape["granary_silos_cut_off"], scrape["granary_serving"], scrape["granary_ready"]));
        Assert.Equal(
            (256, 256, 0, 0),
            (scrape["granary_shards_open"], scrape["granary_shards_expected"], scrape["granary_shards_moving"], scrape["granary_shards_unprotected"]));
    }

    [Fact]
    public async Task Metrics_OfAQueue_TellWhereItsMessagesAreAsync()
    {
        Scrape scrape = await Scrape.OfAsync(busy.Silo, Cancelled);

        string queue = $"queue=\"{BusySilo.Queue}\"";
        Assert.Equal(1, scrape[$"granary_queue_messages{{{queue},state=\"ready\"}}"]);
        Assert.Equal(1, scrape[$"granary_queue_messages{{{queue},state=\"leased\"}}"]);
        Assert.Equal(0, scrape[$"granary_queue_messages{{{queue},state=\"dead\"}}"]);
        Assert.Equal((0, 0), (scrape[$"granary_queue_paused{{{queue}}}"], scrape[$"granary_queue_waiting_receivers{{{queue}}}"]));
        Assert.Equal(
            (3, 2, 1),
            (scrape[$"granary_queue_sent_total{{{queue}}}"], scrape[$"granary_queue_received_total{{{queue}}}"], scrape[$"granary_queue_completed_total{{{queue}}}"]));
        Assert.True(scrape["granary_queue_commits_total{outcome=\"committed\"}"] > 0);
        Assert.Equal(scrape["granary_queue_commits_total{outcome=\"committed\"}"], scrape["granary_queue_commit_duration_seconds_count"]);
        Assert.True(scrape["granary_queue_opening_duration_seconds_count"] >= scrape[$"granary_queue_partitions{{{queue}}}"]);
        Assert.True(scrape["granary_queue_transactions_total{durability=\"strict\"}"] > 0);
        Assert.Equal((1, 0), (scrape["granary_queue_log_has_room"], scrape["granary_queue_log_damage"]));
    }

    [Fact]
    public async Task Metrics_OfOrleansAndTheRuntime_AreThereAsync()
    {
        Scrape scrape = await Scrape.OfAsync(busy.Silo, Cancelled);

        Assert.Contains("orleans_catalog_activations", scrape.Names);
        Assert.True(scrape["dotnet_process_memory_working_set_bytes"] > 64 << 20);
    }

    [Fact]
    public async Task Metrics_ThatAlertsAndDashboardName_AreOnesThatASiloHasAsync()
    {
        Scrape scrape = await Scrape.OfAsync(busy.Silo, Cancelled);
        string[] named =
        [
            .. Watchers
                .SelectMany(static folder => Directory.EnumerateFiles(RepositoryRoot.Combine(folder), "*", SearchOption.AllDirectories))
                .SelectMany(static file => Metric().Matches(File.ReadAllText(file)))
                .Select(static match => match.Value)
                .Where(static name => !name.StartsWith("granary_tls_", StringComparison.Ordinal)) // SecuredClusterTests has them
                .Distinct(StringComparer.Ordinal),
        ];

        Assert.Empty(named.Except(scrape.Names, StringComparer.Ordinal));
        Assert.True(named.Length >= LeastNamed, $"Only {named.Length} are named.");
    }

    [Fact]
    public async Task Depth_OfAQueue_IsWhatKeepsWorkersBusyAsync()
    {
        using var http = new HttpClient();

        JsonElement depth = await http.GetFromJsonAsync<JsonElement>(UrlOf(BusySilo.Queue), Cancelled);

        Assert.Equal(2, depth.GetProperty("backlog").GetInt64());
        Assert.Equal((1, 1), (depth.GetProperty("ready").GetInt64(), depth.GetProperty("leased").GetInt64()));
    }

    [Fact]
    public async Task Depth_OfAQueueThatIsNotThere_IsNotFoundAndMakesNoneAsync()
    {
        using var http = new HttpClient();

        using HttpResponseMessage first = await http.GetAsync(UrlOf("absent"), Cancelled);
        using HttpResponseMessage second = await http.GetAsync(UrlOf("absent"), Cancelled);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (first.StatusCode, second.StatusCode));
    }

    private string UrlOf(string queue) => $"http://{busy.Silo.Address}:{busy.Silo.Ports.Http}/queues/{queue}";

    [GeneratedRegex(@"\b(granary|orleans|dotnet)_[a-z0-9_]+\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Metric();
}
