using System.Net;
using Granary.Queues.Grains;
using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Granary.Queues.Tests.Grains;

/// <summary>Which silo keeps queues, and how one comes to be there.</summary>
public sealed class QueueKeeperTests : ILocalSiloDetails, IHostApplicationLifetime, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-keeper-");

    public string Name => "silo";

    public string ClusterId => "test";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);

    public SiloAddress GatewayAddress => SiloAddress;

    public CancellationToken ApplicationStarted => None;

    public CancellationToken ApplicationStopping => None;

    public CancellationToken ApplicationStopped => None;

    private string Folder => Path.Combine(_folder.FullName, "data");

    void IHostApplicationLifetime.StopApplication() => throw new NotSupportedException();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Queue_ThatIsNotThere_IsMadeByItsFirstUseAndIsThereAfterARestartAsync()
    {
        QueueDefinition made;
        await using (QueueKeeper keeper = await StartAsync(SiloAddress.Endpoint))
        {
            made = await CatalogOf(keeper).GetOrCreateAsync("orders");
            Assert.Equal(made, await CatalogOf(keeper).GetOrCreateAsync("orders"));
        }

        await using QueueKeeper next = await StartAsync(SiloAddress.Endpoint);

        Assert.Equal((Durability.Strict, TimeSpan.FromMinutes(5)), (made.Options.Durability, made.Options.DeduplicationWindow));
        Assert.Equal(made, Assert.Single(await next.ListAsync()));
    }

    [Fact]
    public async Task Queue_ThatGetsOtherOptions_IsTheSameAndOneThatIsMadeAgainIsNotAsync()
    {
        await using QueueKeeper keeper = await StartAsync(SiloAddress.Endpoint);
        QueueDefinition definition = new("orders", 2, new QueueOptions());

        QueueDefinition made = await keeper.PutAsync(definition, replace: true);
        QueueDefinition changed =
            await keeper.PutAsync(definition with { Options = new QueueOptions { MaxDeliveryCount = 1 } }, replace: true);
        await keeper.DeleteAsync("orders");
        QueueDefinition again = await keeper.PutAsync(made, replace: true);

        Assert.Equal(made.Creation, changed.Creation);
        Assert.NotEqual(made.Creation, again.Creation);
        PartitionId partition = new("orders", 1);
        await Assert.ThrowsAsync<GranaryQueueNotFoundException>(() => keeper.OpenAsync(partition, made.Creation, null));
        await using PartitionOwner owner = (await keeper.OpenAsync(partition, again.Creation, null)).Owner;
    }

    [Fact]
    public async Task Subscription_IsKeptWithItsTopicAndIsAnotherOneWhenItIsMadeAgainAsync()
    {
        await using QueueKeeper keeper = await StartAsync(SiloAddress.Endpoint);
        SubscriptionDefinition billing = new("billing") { Start = SubscriptionStart.Beginning };

        QueueDefinition made = await keeper.PutSubscriptionAsync("topic", billing);
        PartitionId partition = new("topic/billing", 0);
        await using (PartitionOwner begun = (await keeper.OpenAsync(partition, made.Find("billing")!.Creation, null)).Owner)
        {
            await begun.Intake.BeginAsync(new TopicPlace(5, 0));
        }

        QueueDefinition changed = await keeper.PutSubscriptionAsync("topic", billing with
        {
            Start = SubscriptionStart.End,
            Filter = new MessageFilter { Subjects = ["order.>"] },
        });
        QueueDefinition options = await keeper.PutAsync(
            made with { Subscriptions = [], Topic = new TopicOptions { Retention = TimeSpan.FromHours(1) } }, replace: true);
        Assert.NotNull(await keeper.DeleteSubscriptionAsync("topic", "billing"));
        Assert.Null(await keeper.DeleteSubscriptionAsync("topic", "billing"));
        QueueDefinition again = await keeper.PutSubscriptionAsync("topic", billing);

        Assert.Equal(made.Find("billing")!.Creation, changed.Find("billing")!.Creation);
        Assert.Equal(SubscriptionStart.Beginning, changed.Find("billing")!.Start); // it has begun
        Assert.Equal(["order.>"], options.Find("billing")!.Filter.Subjects);
        Assert.NotEqual(made.Find("billing")!.Creation, again.Find("billing")!.Creation);
        Assert.Equal(again, await keeper.FindAsync("topic"));
        await Assert.ThrowsAsync<GranaryQueueNotFoundException>(
            () => keeper.OpenAsync(partition, made.Find("billing")!.Creation, null));
        await using PartitionOwner owner = (await keeper.OpenAsync(partition, again.Find("billing")!.Creation, null)).Owner;
        Assert.Null((await owner.Intake.LookAsync()).Place); // with nothing of the last
    }

    [Fact]
    public async Task Pause_IsKeptWhateverElseIsChangedAndOverARestartAsync()
    {
        await using (QueueKeeper keeper = await StartAsync(SiloAddress.Endpoint))
        {
            QueueDefinition queue = await keeper.GetOrCreateAsync("queue");
            QueueDefinition topic = await keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition("billing"));
            Assert.True((await keeper.SetPausedAsync("queue", true))?.IsPaused);
            Assert.True((await keeper.SetPausedAsync("topic/billing", true))?.IsPaused);
            Assert.True((await keeper.SetPausedAsync("topic/billing", true))?.IsPaused);

            await keeper.PutAsync(queue with { Options = new QueueOptions { MaxDeliveryCount = 1 } }, replace: true);
            await keeper.PutAsync(topic, replace: true);
            await keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition("billing"));
            await keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition("other") { IsPaused = true });
            await keeper.PutAsync(new QueueDefinition("new", 1, new QueueOptions()) { IsPaused = true }, replace: true);
        }

        await using QueueKeeper next = await StartAsync(SiloAddress.Endpoint);
        QueueDefinition found = (await next.FindAsync("queue"))!;
        Assert.Equal((true, 1), (found.IsPaused, found.Options.MaxDeliveryCount));
        Assert.Equal([true, false], (await next.FindAsync("topic"))!.Subscriptions.Select(static one => one.IsPaused));
        Assert.False((await next.FindAsync("new"))!.IsPaused); // only by a pause
        await using PartitionOwner owner = (await next.OpenAsync(new PartitionId("queue", 0), found.Creation, null)).Owner;
        Assert.True(owner.Look(static partition => partition.Options.IsPaused));
        Assert.False((await next.SetPausedAsync("queue", false))?.IsPaused);
        Assert.Equal(found with { IsPaused = false }, await next.FindAsync("queue"));
    }

    [Fact]
    public async Task Pause_OfWhatIsNotThere_MakesNothingAndOfATopicIsRefusedAsync()
    {
        await using QueueKeeper keeper = await StartAsync(SiloAddress.Endpoint);
        await keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition("billing"));
        await keeper.GetOrCreateAsync("queue");

        Assert.Null(await keeper.SetPausedAsync("none", true));
        Assert.Null(await keeper.SetPausedAsync("none/billing", true));
        Assert.Null(await keeper.SetPausedAsync("topic/none", true));
        Assert.Null(await keeper.SetPausedAsync("queue/none", true));
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => keeper.SetPausedAsync("topic", true));

        Assert.Contains("pause and resume its subscriptions", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await keeper.ListAsync()).Count);
    }

    // Changes of the same definition at the same time, none of which may undo another.
    [Fact]
    public async Task Pause_AmongOtherChanges_IsNotLostAsync()
    {
        await using QueueKeeper keeper = await StartAsync(SiloAddress.Endpoint);
        await keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition("billing"));

        for (int round = 0; round < 20; round++)
        {
            bool isPaused = round % 2 == 0;
            await Task.WhenAll(
                keeper.SetPausedAsync("topic/billing", isPaused),
                keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition($"s{round}")),
                keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition("billing")
                {
                    Options = new QueueOptions { MaxDeliveryCount = 1 + round },
                }));

            QueueDefinition topic = (await keeper.FindAsync("topic"))!;
            SubscriptionDefinition billing = topic.Find("billing")!;
            Assert.Equal((isPaused, 1 + round), (billing.IsPaused, billing.Options.MaxDeliveryCount));
            Assert.Equal(round + 2, topic.Subscriptions.Count);
        }
    }

    [Fact]
    public async Task Topic_AndQueueDoNotBecomeEachOtherAsync()
    {
        await using QueueKeeper keeper = await StartAsync(SiloAddress.Endpoint);
        QueueDefinition queue = await keeper.GetOrCreateAsync("queue");
        QueueDefinition topic = await keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition("billing"));

        await Assert.ThrowsAsync<ArgumentException>(() => keeper.PutSubscriptionAsync("queue", new SubscriptionDefinition("billing")));
        await Assert.ThrowsAsync<ArgumentException>(() => keeper.PutAsync(queue with { Topic = new TopicOptions() }, replace: true));
        await Assert.ThrowsAsync<ArgumentException>(() => keeper.PutAsync(topic with { Topic = null }, replace: true));
        await Assert.ThrowsAsync<ArgumentException>(() => keeper.PutAsync(
            topic with { Options = new QueueOptions { Durability = Durability.Memory } }, replace: true));
        for (int number = 1; number < QueueLimits.MaxSubscriptions; number++)
        {
            await keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition($"s{number}"));
        }

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            () => keeper.PutSubscriptionAsync("topic", new SubscriptionDefinition("more")));
        Assert.Contains("'more' is not made", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_OfAPartition_NamesTheQueueAndItsCreation()
    {
        Guid creation = Guid.NewGuid();

        Assert.Equal(("a-b_c.d", creation), PartitionKey.Read(PartitionKey.Of("a-b_c.d", creation)));
        Assert.Equal(("topic/sub", creation), PartitionKey.Read(PartitionKey.Of("topic/sub", creation)));
        Assert.Equal(("old", Guid.Empty), PartitionKey.Read(PartitionKey.Of("old", Guid.Empty)));
    }

    [Theory]
    [InlineData(true)] // another silo
    [InlineData(false)] // none: the membership is in a cluster store
    public async Task Silo_ThatIsNotTheKeeper_KeepsNoQueuesAsync(bool hasKeeper)
    {
        await using QueueKeeper keeper = await StartAsync(hasKeeper ? new IPEndPoint(IPAddress.Loopback, 2) : null);

        await Assert.ThrowsAsync<GranaryUnavailableException>(
            async () => await CatalogOf(keeper).GetOrCreateAsync("orders"));

        Assert.False(Directory.Exists(Folder));
    }

    private static QueueCatalogGrain CatalogOf(QueueKeeper keeper) => new(keeper, silos: null!); // which it does not ask

    private async Task<QueueKeeper> StartAsync(IPEndPoint? silo)
    {
        var keeper = new QueueKeeper(
            Options.Create(new QueueSiloOptions { Keeper = silo, Folder = Folder }),
            this,
            this,
            new SteadyTimeProvider(TimeProvider.System),
            NullLogger<QueueKeeper>.Instance);
        await keeper.StartAsync(None);
        return keeper;
    }
}
