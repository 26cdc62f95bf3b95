using Granary.Client;
using Granary.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Granary.ClientSample;

/// <summary>Orleans streams that lose nothing: events wait for who listens, and come again to who fails with them.</summary>
internal static class Streaming
{
    public static async Task<int> RunAsync(string silo, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical); // a failed delivery is told by the sample itself
        builder.Services.AddGranaryClient(silo);
        builder.Services.Configure<GranaryClientOptions>(Connection.Secure);
        builder.Services.AddOrleansClient(orleans => orleans.AddGranaryStreams("sample"));
        using IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        var client = host.Services.GetRequiredService<IClusterClient>();

        IAsyncStream<string> news = client.GetStreamProvider("sample").GetStream<string>("news", $"{Guid.NewGuid():N}");
        await news.OnNextAsync("it has begun to rain"); // it is on the disk
        await news.OnNextAsync("it rains still");
        Console.WriteLine("two events are sent, and nobody listens");

        var heard = new TaskCompletionSource();
        int failures = 1;
        StreamSubscriptionHandle<string> subscription = await news.SubscribeAsync((text, _) =>
        {
            if (text.EndsWith("still", StringComparison.Ordinal) && failures-- > 0)
            {
                Console.WriteLine($"  fails with '{text}'");
                throw new InvalidOperationException("no umbrella");
            }

            Console.WriteLine($"  hears '{text}'");
            if (text.EndsWith("shines", StringComparison.Ordinal))
            {
                heard.TrySetResult();
            }

            return Task.CompletedTask;
        });
        await news.OnNextAsync("the sun shines");
        await heard.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);

        await subscription.UnsubscribeAsync();
        await host.StopAsync(cancellationToken);
        return 0;
    }
}
