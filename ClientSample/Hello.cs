using Granary.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClientSample;

/// <summary>The first five minutes: connect, store, read, count, remove by a tag.</summary>
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

        EntryOptions options = new() { Expiration = TimeSpan.FromHours(1), Tags = ["product:12", "user:7"] };
        await cache.SetAsync("page:7/12", "a page about product 12 for user 7", options, cancellationToken);
        await cache.RemoveByTagAsync("product:12", cancellationToken);
        Console.WriteLine((await cache.GetAsync<string>("page:7/12", cancellationToken)).ValueOr("its page is gone"));

        await host.StopAsync(cancellationToken);
        return 0;
    }
}
