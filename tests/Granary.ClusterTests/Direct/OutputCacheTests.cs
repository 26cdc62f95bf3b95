using System.Globalization;
using System.Net;
using Granary.AspNetCore;
using Granary.ClusterTests.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Granary.ClusterTests.Direct;

/// <summary>ASP.NET Core's output cache over a silo: two instances of an application share their responses.</summary>
[Collection(ProcessCollection.Name)]
public sealed class OutputCacheTests
{
    private static readonly string LongQuery = new('q', 3000); // longer than a key

    private int _made;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Responses_AreSharedByInstances_AndEvictedByTagAsync()
    {
        await using InProcessSilo silo = await InProcessSilo.StartAsync("a");
        await using WebApplication one = await StartAsync(silo.GatewayPort, isFirst: true);
        await using WebApplication two = await StartAsync(silo.GatewayPort, isFirst: false);
        using var http = new HttpClient();
        string[] paths = ["/short", $"/short?{LongQuery}", "/long"];
        foreach (string path in paths)
        {
            string made = await http.GetStringAsync(Of(one, path), Token);
            Assert.Equal(made, await http.GetStringAsync(Of(two, path), Token));
            Assert.Equal(made, await http.GetStringAsync(Of(one, path), Token));
        }

        Assert.Equal(paths.Length, _made);
        await two.Services.GetRequiredService<IOutputCacheStore>().EvictByTagAsync("shorts", Token);
        foreach (string path in paths)
        {
            await http.GetStringAsync(Of(one, path), Token);
        }

        Assert.Equal(paths.Length + 2, _made); // but not the long one
        await one.StopAsync(Token);
        await two.StopAsync(Token);
    }

    [Fact]
    public async Task Request_OfAnApplicationWithoutItsCluster_IsServedAsync()
    {
        InProcessSilo silo = await InProcessSilo.StartAsync("a");
        await using WebApplication one = await StartAsync(silo.GatewayPort, isFirst: true);
        await silo.DisposeAsync();
        using var http = new HttpClient();

        Assert.StartsWith("1 ", await http.GetStringAsync(Of(one, "/short"), Token), StringComparison.Ordinal);
    }

    private static Uri Of(WebApplication application, string path) => new($"{application.Urls.Single()}{path}");

    private async Task<WebApplication> StartAsync(int gatewayPort, bool isFirst)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{IPAddress.Loopback}:0");
        builder.Services.AddGranaryClient(
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gatewayPort}"),
            static options => options.OperationTimeout = TimeSpan.FromSeconds(2));
        if (isFirst)
        {
            builder.Services.AddOutputCache();
        }

        builder.Services.AddGranaryOutputCache(static options => options.Prefix = "shop/");
        builder.Services.AddOutputCache(); // in any order
        WebApplication application = builder.Build();
        application.UseOutputCache();
        application.MapGet("/short", () => Make(10)).CacheOutput(static policy => policy.Tag("shorts", "all").SetVaryByHost(false));
        application.MapGet("/long", () => Make(300_000)).CacheOutput(static policy => policy.Tag("all").SetVaryByHost(false));
        await application.StartAsync(Token);
        Assert.IsType<GranaryOutputCacheStore>(application.Services.GetRequiredService<IOutputCacheStore>());
        return application;
    }

    private string Make(int length) => $"{Interlocked.Increment(ref _made)} {new string('x', length)}";
}
