using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Granary.Client;
using Granary.ClusterTests.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Watching;

/// <summary>Who may look at the console, and who may act in it.</summary>
public sealed class ConsoleAccessTests(SecuredCluster cluster) : IClassFixture<SecuredCluster>
{
    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData("metrics", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("viewer", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("operator", HttpStatusCode.OK, HttpStatusCode.BadRequest)] // the queue is not there
    public async Task Console_ByRole_ShowsAndActsAsTheRoleMayAsync(string? role, HttpStatusCode looks, HttpStatusCode acts)
    {
        using HttpClient http = Http(role);
        foreach (string path in (string[])["", "app.js", "console/me", "console/history", "console/audit"])
        {
            using HttpResponseMessage look = await http.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal((path, looks), (path, look.StatusCode));
        }

        foreach (string action in (string[])["queues/redrive", "queues/purge", "queues/pause", "queues/resume"])
        {
            using HttpResponseMessage act = await PostAsync(http, action, new { queue = "nobodys", state = "dead" });
            Assert.Equal((action, acts), (action, act.StatusCode));
        }

        using HttpResponseMessage drain = await PostAsync(http, "silos/drain", new { silo = "nobodys" });
        Assert.Equal(acts == HttpStatusCode.BadRequest ? HttpStatusCode.ServiceUnavailable : acts, drain.StatusCode);
    }

    [Fact]
    public async Task Action_WithoutTheHeaderThatAnotherSitesFormCannotSend_IsRefusedAsync()
    {
        using HttpClient http = Http("operator");
        http.DefaultRequestHeaders.Remove("X-Granary-Console");

        using HttpResponseMessage act = await PostAsync(http, "queues/pause", new { queue = "any" });

        Assert.Equal(HttpStatusCode.BadRequest, act.StatusCode);
        Assert.Contains("X-Granary-Console", await act.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAnOperatorDoes_IsDoneAndInTheLogAndInTheAuditOfTheClusterAsync()
    {
        string queue = $"audited-{Guid.NewGuid():N}";
        using IHost client = await CredentialSet.ConnectAsync(cluster.Seeds, cluster.Credentials.Client);
        IGranaryQueues queues = client.Services.GetRequiredService<IGranaryQueues>();
        await queues.CreateSender(queue).SendAsync(QueueMessage.Of("poison"), TestContext.Current.CancellationToken);
        IQueueReceiver receiver = queues.CreateReceiver(queue);
        ReceivedMessage message = Assert.Single(
            await receiver.ReceiveAsync(1, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        await receiver.DeadLetterAsync(message, "broken", "it was made so", TestContext.Current.CancellationToken);

        using HttpClient http = Http("operator");
        using HttpResponseMessage paused = await PostAsync(http, "queues/pause", new { queue });
        bool isPaused = await IsPausedAsync(queues, queue);
        using HttpResponseMessage resumed = await PostAsync(http, "queues/resume", new { queue });
        bool isResumed = !await IsPausedAsync(queues, queue);
        JsonElement dead = await http.GetFromJsonAsync<JsonElement>($"console/queues/messages?queue={queue}&state=dead", TestContext.Current.CancellationToken);
        using HttpResponseMessage redriven = await PostAsync(http, "queues/redrive", new { queue });
        using HttpResponseMessage purged = await PostAsync(http, "queues/purge", new { queue, state = "ready" });
        using HttpResponseMessage refused = await PostAsync(http, "queues/purge", new { queue, state = "leased" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (paused.StatusCode, resumed.StatusCode));
        Assert.True(isPaused && isResumed);
        Assert.Equal("broken", dead.GetProperty("messages")[0].GetProperty("deadReason").GetString());
        Assert.Equal("""{"count":1,"more":false}""", await redriven.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("""{"count":1,"more":false}""", await purged.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, (await queues.Administration.GetStatisticsAsync(queue, TestContext.Current.CancellationToken)).Ready);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains($"admin: pause {queue}", cluster.Silo.Output.ToString(), StringComparison.Ordinal);
        using HttpClient other = Http("viewer", silo: 1);
        JsonElement audit = await other.GetFromJsonAsync<JsonElement>("console/audit", TestContext.Current.CancellationToken);
        Assert.Equal<string>(
            ["purge refused", "purge done", "redrive done", "resume done", "pause done"],
            [.. audit.GetProperty("entries").EnumerateArray()
                .Where(entry => entry.GetProperty("about").GetString() == queue && entry.GetProperty("who").GetString() == "admin")
                .Select(static entry => $"{entry.GetProperty("action").GetString()} {entry.GetProperty("outcome").GetString()}")]);
        await client.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Page_OfTheConsole_RunsNothingThatIsNotTheSilosAsync()
    {
        using HttpClient http = Http("viewer");

        using HttpResponseMessage page = await http.GetAsync("", TestContext.Current.CancellationToken);

        string policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        string html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org/", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, "");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using HttpResponseMessage unchanged = await http.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    private static async Task<bool> IsPausedAsync(IGranaryQueues queues, string queue) =>
        (await queues.Administration.FindAsync(queue, TestContext.Current.CancellationToken))!.IsPaused;

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string action, object body) =>
        http.PostAsJsonAsync($"console/{action}", body, TestContext.Current.CancellationToken);

    private HttpClient Http(string? role, int silo = 0)
    {
        HttpClient http = cluster.NewHttpClient(silo);
        http.DefaultRequestHeaders.Add("X-Granary-Console", "1");
        if (role is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Credentials.TokenOf(role));
        }

        return http;
    }
}
