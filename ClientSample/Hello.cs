using Granary.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClientSample;

/// <summary>The first five minutes: connect, store, read, count.</summary>
internal static class Hello
{
    public static async Task<int> RunAsync(string silo, CancellationToken cancellationToken)
    {
        using IHost host = await Connection.OpenAsync(silo, cancellationToken);
        var cache = host.Services.GetRequiredService<IGranaryCache>();

        await cache.SetAsync("greeting", "hello from C#", TimeSpan.FromMinutes(5), cancellationToken);
        CacheEntry<string> greeting = await cache.GetAsync<string>("greeting", cancellationToken);
        Console.WriteLine(greeting.ValueOr("nobody has greeted yet"));

        await cache.AddAsync("visits", 0, cancellationToken: cancellationToken);
        Console.WriteLine($"visit number {await cache.IncrementAsync("visits", cancellationToken: cancellationToken)}");

        await host.StopAsync(cancellationToken);
        return 0;
    }
}
