using System.Diagnostics;
using Granary.Client;
using Granary.ClusterTests.Queues;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Telemetry;

/// <summary>What a silo sends to a collector.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task Collector_ThatASiloIsTold_HasItsMetricsAndItsPartOfATraceWhenItHasStoppedAsync()
    {
        await using Collector collector = await Collector.StartAsync();
        await using SiloProcess silo = await SiloProcess.StartAsync("traced", "64MiB", null, "--otlp", collector.Url);
        await using (QueueClients clients = new())
        {
            IGranaryQueues queues = await clients.QueuesAsync([silo]);
            using var request = new Activity("request");
            request.ActivityTraceFlags = ActivityTraceFlags.Recorded;
            request.Start();
            await queues.CreateSender("orders").SendAsync("work"); // its header names the request
        }

        Assert.Equal(0, await silo.TerminateAsync());

        Assert.True(collector.Has("Metrics", "granary.cache.hits"));
        Assert.True(collector.Has("Metrics", "granary.queue.sent"));
        Assert.True(collector.Has("Trace", "store orders"));
    }

    [Fact]
    public async Task Silo_WhoseCollectorIsNotThere_StartsAndStopsAllTheSameAsync()
    {
        await using SiloProcess silo = await SiloProcess.StartAsync("untraced", "64MiB", null, "--otlp", "http://127.0.0.1:9");

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await silo.TerminateAsync());

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"It took {clock.Elapsed}.");
    }
}
