using Granary.Streams.Tests.Silos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Granary.Streams.Tests.Life;

/// <summary>A plain Orleans client that sends and subscribes.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class ClientTests(OneSilo one)
{
    private readonly string _stream = $"{Guid.NewGuid():N}";

    [Fact]
    public async Task Client_SendsAndSubscribes_AndWhatComesWhenItHasGone_WaitsForTheNext()
    {
        List<int> had = [];
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (IHost client = await ConnectAsync())
        {
            IAsyncStream<int> stream = client.Services.GetRequiredKeyedService<IStreamProvider>(TestSilo.Durable)
                .GetStream<int>(StreamId.Create("explicit", _stream));
            StreamSubscriptionHandle<int> subscription = await stream.SubscribeAsync((number, _) =>
            {
                had.Add(number);
                if (had.Count == 3)
                {
                    all.SetResult();
                }

                return Task.CompletedTask;
            });
            await stream.OnNextAsync(1);
            await stream.OnNextAsync(2);
            await one.Silo.Explicit(_stream).OnNextAsync(3);
            await all.Task.WaitAsync(TimeSpan.FromSeconds(20));
            await subscription.UnsubscribeAsync();
            await client.StopAsync();
        }

        await one.Silo.Explicit(_stream).OnNextAsync(4);
        await one.Silo.SubscribeAsync(_stream, "next");

        Assert.Equal([1, 2, 3], had);
        Assert.Equal([4], await Seen.WaitAsync(_stream, "next", 1));
    }

    private async Task<IHost> ConnectAsync()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(one.Silo.Gateway);
            client.AddGranaryStreams(TestSilo.Durable, OneSilo.Configure);
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
