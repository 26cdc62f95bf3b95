using Granary.Client;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Queues;

namespace Granary.ClusterTests.Telemetry;

/// <summary>Queues that nobody uses.</summary>
[Collection(ProcessCollection.Name)]
public sealed class SurveyTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Messages_ThatNobodyHasAskedForSinceTheSiloStarted_AreToldAllTheSameAsync()
    {
        const string Waiting = "granary_queue_messages{queue=\"forgotten\",state=\"ready\"}";
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        await queues.CreateSender("forgotten").SendBatchAsync([QueueMessage.Of(1), QueueMessage.Of(2), QueueMessage.Of(3)]);
        home.Silo.Kill();
        await home.RestartAsync();

        using CancellationTokenSource deadline = new(Deadline);
        Scrape scrape = await Scrape.OfAsync(home.Silo, deadline.Token);
        while (!scrape.Has(Waiting) || scrape[Waiting] < 3) // partition by partition
        {
            await Task.Delay(100, deadline.Token);
            scrape = await Scrape.OfAsync(home.Silo, deadline.Token);
        }

        Assert.Equal((3, 0), (scrape[Waiting], scrape["granary_queue_sent_total{queue=\"forgotten\"}"]));
    }
}
