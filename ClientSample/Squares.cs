using System.Diagnostics;
using Granary.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClientSample;

/// <summary>Cache-aside: ask the cache; one caller computes what it misses, and stores it. With both timings.</summary>
internal static class Squares
{
    private static readonly TimeSpan WorkTime = TimeSpan.FromMilliseconds(10); // what a query or a remote call costs
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string silo, int count, CancellationToken cancellationToken)
    {
        using IHost host = await Connection.OpenAsync(silo, cancellationToken);
        var cache = host.Services.GetRequiredService<IGranaryCache>();

        long start = Stopwatch.GetTimestamp();
        long sum = 0;
        for (int number = 1; number <= count; number++)
        {
            sum += await SquareAsync(number, cancellationToken);
        }

        Console.WriteLine($"without the cache: {Elapsed(start),8:0.0} ms, sum {sum}");
        foreach (string pass in new[] { "first pass", "second pass" })
        {
            start = Stopwatch.GetTimestamp();
            sum = 0;
            for (int number = 1; number <= count; number++)
            {
                sum += await CachedSquareAsync(cache, number, cancellationToken);
            }

            Console.WriteLine($"with it, {pass}: {Elapsed(start),8:0.0} ms, sum {sum}");
        }

        await host.StopAsync(cancellationToken);
        return 0;
    }

    private static async Task<long> CachedSquareAsync(
        IGranaryCache cache, int number, CancellationToken cancellationToken)
    {
        return await cache.GetOrCreateAsync(
            $"square:{number}",
            number,
            static (number, cancellationToken) => SquareAsync(number, cancellationToken),
            Lifetime,
            cancellationToken);
    }

    private static async ValueTask<long> SquareAsync(int number, CancellationToken cancellationToken)
    {
        await Task.Delay(WorkTime, cancellationToken);
        return (long)number * number;
    }

    private static double Elapsed(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}
