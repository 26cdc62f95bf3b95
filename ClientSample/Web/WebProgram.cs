using System.Net;
using Granary.Cache;
using Granary.Client;
using Granary.Clustering;
using Granary.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Granary.ClientSample.Web;

/// <summary>A web application with a cache and a queue: a client of silos, or a silo itself.</summary>
internal static class WebProgram
{
    private static readonly IPEndPoint Here = new(IPAddress.Loopback, 11111);

    public static async Task<int> RunAsync(string silo, bool isSilo, int port, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        if (isSilo)
        {
            AddSilo(builder);
        }
        else
        {
            builder.Services.AddGranaryClient(silo, Connection.Secure);
        }

        builder.Services.AddGranaryHybridCache(static options => options.StaleFor = TimeSpan.FromMinutes(1));
        builder.Services.AddGranaryOutputCache();
        builder.Services.AddOutputCache();
        builder.Services.AddQueueWorker<WriteLetter>("letters");
        await using WebApplication app = builder.Build();
        app.MapGet("/", static (IGranaryCache cache, CancellationToken token) =>
            cache.IncrementOrCreateAsync("visits-today", 1, TimeSpan.FromDays(1), token));
        app.MapGet("/square/{number:int}", static (int number, HybridCache cache, CancellationToken token) =>
            cache.GetOrCreateAsync($"square:{number}", number, static (n, _) => new ValueTask<long>((long)n * n), tags: ["squares"], cancellationToken: token));
        app.MapGet("/squares/forget", static async (HybridCache cache, CancellationToken token) =>
        {
            await cache.RemoveByTagAsync("squares", token);
            return "every instance computes them anew";
        });
        app.MapGet("/letter/{to}", static async (string to, IGranaryQueues queues, CancellationToken token) =>
        {
            await queues.CreateSender("letters").SendAsync(QueueMessage.Of(to), token);
            return "it will be written";
        });
        app.UseOutputCache();
        app.MapGet("/prices", static (TimeProvider time) => $"as of {time.GetLocalNow():HH:mm:ss}")
            .CacheOutput(static policy => policy.Expire(TimeSpan.FromMinutes(10)).Tag("prices"));
        app.MapGet("/prices/change", static async (IOutputCacheStore responses, CancellationToken token) =>
        {
            await responses.EvictByTagAsync("prices", token);
            return "every instance makes the page anew";
        });
        await app.StartAsync(cancellationToken);
        Console.WriteLine(
            $"http://127.0.0.1:{port}/ counts, /square/12 is kept in memory until /squares/forget, /letter/you is written by a worker, /prices is cached until /prices/change");
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    // One silo, as it is; several name one store (AddGranaryClustering) instead of here, and advertise their own addresses.
    private static void AddSilo(WebApplicationBuilder builder)
    {
        builder.Host.UseOrleans(static orleans => orleans
            .ConfigureEndpoints(Here.Address, Here.Port, gatewayPort: 30000)
            .Configure<ClusterOptions>(static options => options.ClusterId = options.ServiceId = "granary")
            .AddGranaryClustering(static options => options.Primary = Here)
            .AddGranaryQueues(static options => options.Keeper = Here) // before the cache, which tells the others that this silo leaves
            .AddGranaryCache(static options => options.MemoryLimitBytes = 256 << 20));
        builder.Services.AddGranaryClient();
    }
}
