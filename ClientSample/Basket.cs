using Granary.Client;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.ClientSample;

/// <summary>.NET's distributed cache: what sessions and HybridCache do with it.</summary>
internal static class Basket
{
    public static async Task<int> RunAsync(string silo, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical); // what fails is told by Program.cs
        builder.Services.AddGranaryClient(silo);
        builder.Services.AddGranaryDistributedCache(options => options.KeyPrefix = "shop:");
        builder.Services.Configure<GranaryClientOptions>(Connection.Secure);
        using IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        var baskets = host.Services.GetRequiredService<IDistributedCache>();

        var options = new DistributedCacheEntryOptions
        {
            SlidingExpiration = TimeSpan.FromMinutes(20),
            AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(1),
        };
        await baskets.SetStringAsync("basket:7", "3 apples", options, cancellationToken);
        string? basket = await baskets.GetStringAsync("basket:7", cancellationToken); // and 20 minutes from now on
        Console.WriteLine(basket ?? "the basket is gone");

        await host.StopAsync(cancellationToken);
        return 0;
    }
}
