using System.Globalization;
using Granary.Client;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// One process of a stampede: CALLERS callers that ask for the same key at once. Whoever started it says when, by entries.
// GATEWAY CALLERS KEY...: for one key after another
//   waits for the entry begin/KEY, calls, and then adds its callers to the counter callers/KEY;
//   says "making KEY" when its factory runs, which ends when finish/KEY is there;
//   says "KEY: N x VALUE" when all callers have the value.
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
builder.Services.AddGranaryClient(args[0]);
builder.Services.AddGranaryHybridCache();
using IHost host = builder.Build();
await host.StartAsync();
var cache = host.Services.GetRequiredService<IGranaryCache>();
var hybrid = host.Services.GetRequiredService<HybridCache>();
int count = int.Parse(args[1], CultureInfo.InvariantCulture);

foreach (string key in args[2..])
{
    await UntilThereAsync($"begin/{key}");
    Task<string>[] callers = [.. Enumerable.Range(0, count).Select(caller => GetAsync(caller, key).AsTask())];
    await cache.IncrementOrCreateAsync($"callers/{key}", (ulong)count);
    foreach (IGrouping<string, string> values in (await Task.WhenAll(callers)).GroupBy(static value => value, StringComparer.Ordinal))
    {
        Console.WriteLine($"{key}: {values.Count()} x {values.Key}");
    }
}

await host.StopAsync();

// Both ways to get or create: they are one cache.
ValueTask<string> GetAsync(int caller, string key) => caller % 2 == 0
    ? hybrid.GetOrCreateAsync(key, _ => MakeAsync(key))
    : cache.GetOrCreateAsync(key, _ => MakeAsync(key));

async ValueTask<string> MakeAsync(string key)
{
    Console.WriteLine($"making {key}");
    await UntilThereAsync($"finish/{key}");
    return $"made by {Environment.ProcessId}";
}

async Task UntilThereAsync(string key)
{
    while (!(await cache.GetAsync<string>(key)).IsHit)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(10));
    }
}
