using Granary.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Granary.ClientSample;

/// <summary>FusionCache over Granary: whichever process asks first makes the price, the others get it.</summary>
internal static class Fusion
{
    public static async Task<int> RunAsync(string silo, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical); // what fails is told by Program.cs
        builder.Services.AddGranaryClient(silo);
        builder.Services.Configure<GranaryClientOptions>(Connection.Secure);
        builder.Services.AddGranaryDistributedCache();
        builder.Services.AddFusionCache()
            .WithCacheKeyPrefix("fusion/")
            .WithRegisteredDistributedCache()
            .WithSerializer(new FusionCacheSystemTextJsonSerializer())
            .WithGranaryBackplane()
            .WithGranaryDistributedLocker();
        using IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        var cache = host.Services.GetRequiredService<IFusionCache>();

        decimal price = await cache.GetOrSetAsync<decimal>(
            "price:apple", static (_, token) => AskAsync(token), TimeSpan.FromMinutes(1), tags: ["fruit"], token: cancellationToken);
        Console.WriteLine($"an apple costs {price}");

        await host.StopAsync(cancellationToken);
        return 0;
    }

    private static async Task<decimal> AskAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine("asking for the price");
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        return 0.5m;
    }
}
