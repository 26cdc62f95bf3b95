using Granary.Queues.Logs;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;
using Granary.Queues.Tests.Logs;
using Granary.Queues.Topics;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Queues.Tests.Owners;

/// <summary>A topic's partition and a subscription's one over a log, without the grains between them.</summary>
public sealed class TopicOwnerTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly PartitionId TopicId = new("orders", 0);
    private static readonly PartitionId SubscriptionId = new("orders/billing", 0);

    private readonly FakeTimeProvider _time = new();
    private readonly LogFolder _folder = new();
    private readonly SubscriptionDefinition _subscription = new("billing") { Creation = Guid.NewGuid() };
    private SqlitePartitionLog _log;
    private TopicOptions _options = new();
    private QueueOptions _topicOptions = new();

    public TopicOwnerTests() => _log = new SqlitePartitionLog(new SqliteLogOptions { Path = _folder.Path });

    public void Dispose()
    {
        _log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }

    [Fact]
    public async Task Message_OfATopic_IsGivenOutByTheSubscriptionAlsoAfterBothWereOpenedAgain()
    {
        (PartitionOwner topic, PartitionOwner billing) = await OpenAsync();
        await BeginAsync(topic, billing, SubscriptionStart.End);
        await SendAsync(topic, 1, 2, 3);

        await PumpAsync(topic, billing);
        LeasedContent first = Assert.Single(await billing.ReceiveAsync(1, null, None));
        await CompleteAsync(billing, first);
        await CloseAsync(topic, billing);
        await ReopenLogAsync();
        (topic, billing) = await OpenAsync();
        LeasedContent[] left = await billing.ReceiveAsync(10, null, None);

        Assert.Equal(1, Number(first));
        Assert.Equal([2, 3], left.Select(Number));
        await CloseAsync(topic, billing);
    }

    [Fact]
    public async Task Receiver_ThatWaits_IsWokenByASendToTheTopicAsync()
    {
        (PartitionOwner topic, PartitionOwner billing) = await OpenAsync();
        await BeginAsync(topic, billing, SubscriptionStart.End);
        await PumpAsync(topic, billing);
        Task<bool> waiting = billing.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), None);
        TopicPlace place = (await billing.Intake.LookAsync()).Place!.Value;
        Task<TopicPart> reading = topic.Reads.ReadAsync(Nothing(billing), place.Offset, TimeSpan.FromMinutes(1), None);

        await SendAsync(topic, 1);
        await billing.Intake.TakeAsync(await reading, static _ => true);

        Assert.True(await waiting);
        Assert.Equal(1, Number(Assert.Single(await billing.ReceiveAsync(5, null, None))));
        await CloseAsync(topic, billing);
    }

    [Fact]
    public async Task Reading_ThatIsOver_HasNothingAsync()
    {
        (PartitionOwner topic, PartitionOwner billing) = await OpenAsync();
        await BeginAsync(topic, billing, SubscriptionStart.End);
        await PumpAsync(topic, billing);
        TopicPlace place = (await billing.Intake.LookAsync()).Place!.Value;

        Task<TopicPart> reading = topic.Reads.ReadAsync(Nothing(billing), place.Offset, TimeSpan.FromMinutes(1), None);
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty((await reading).Messages);
        await CloseAsync(topic, billing);
    }

    [Fact]
    public async Task Part_ThatIsTakenTwice_IsTakenOnceAsync()
    {
        (PartitionOwner topic, PartitionOwner billing) = await OpenAsync();
        await BeginAsync(topic, billing, SubscriptionStart.End);
        await SendAsync(topic, 1, 2);
        TopicPlace place = (await billing.Intake.LookAsync()).Place!.Value;
        TopicPart part = await topic.Reads.ReadAsync(Nothing(billing), place.Offset, TimeSpan.Zero, None);

        await billing.Intake.TakeAsync(part, static _ => true);
        await billing.Intake.TakeAsync(part, static _ => true);

        Assert.Equal(2, (await billing.GetStatisticsAsync()).Ready);
        await CloseAsync(topic, billing);
    }

    // Each message in a row of its own, so that each can be trimmed.
    [Fact]
    public async Task Message_ThatIsDoneWith_IsTrimmedAndOthersAreNotAsync()
    {
        (PartitionOwner topic, PartitionOwner billing) = await OpenAsync();
        await BeginAsync(topic, billing, SubscriptionStart.End);
        const int Messages = 60; // 12 MB: that is worth it
        byte[] body = new byte[200 << 10];
        for (int number = 0; number < Messages; number++)
        {
            body[0] = (byte)number;
            await topic.SendAsync([new OutgoingMessage { Body = body.ToArray() }], None);
        }

        await PumpAsync(topic, billing);
        LeasedContent[] received = await ReceiveAllAsync(billing, Messages);
        foreach (LeasedContent message in received.Where(one => Number(one) != 3))
        {
            await CompleteAsync(billing, message);
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        await PumpAsync(topic, billing, once: true);
        await topic.GetStatisticsAsync(); // what trims is written
        IReadOnlyList<LogRow> rows = await _log.ReadAsync(TopicId, 0, 1 << 20, None);

        Assert.Equal(3, Number(received.Single(one => one.Content.Offset == rows[0].FirstOffset)));
        Assert.Equal((Messages, 1), (received.Length, rows.Count(row => row.Payload.Length > 1000)));
        await CloseAsync(topic, billing);
    }

    [Fact]
    public async Task Seek_BringsMessagesAgainAndReceiptsOfBeforeMeanNothingAsync()
    {
        _options = new TopicOptions { Retention = TimeSpan.FromHours(1) };
        (PartitionOwner topic, PartitionOwner billing) = await OpenAsync();
        await BeginAsync(topic, billing, SubscriptionStart.End);
        await SendAsync(topic, 1, 2);
        _time.Advance(TimeSpan.FromMinutes(1));
        DateTimeOffset later = _time.GetUtcNow();
        await SendAsync(topic, 3);
        await PumpAsync(topic, billing);
        LeasedContent[] before = await ReceiveAllAsync(billing, 3);
        await CompleteAsync(billing, before[0]);

        billing = await SeekAsync(topic, billing, SubscriptionStart.Beginning);
        await PumpAsync(topic, billing);
        Assert.Equal(
            SettleOutcome.LockLost, await billing.ExecuteAsync((partition, now) => partition.Complete(before[1].Lease.Receipt, now)));
        Assert.Equal([1, 2, 3], (await ReceiveAllAsync(billing, 3)).Select(Number));
        billing = await SeekAsync(topic, billing, SubscriptionStart.At(later));
        await PumpAsync(topic, billing);
        Assert.Equal([3], (await ReceiveAllAsync(billing, 1)).Select(Number));
        Assert.Empty(await billing.ReceiveAsync(1, null, None));
        billing = await SeekAsync(topic, billing, SubscriptionStart.End);
        await PumpAsync(topic, billing);

        Assert.Empty(await billing.ReceiveAsync(1, null, None));
        await CloseAsync(topic, billing);
    }

    [Fact]
    public async Task Topic_WhoseSubscriptionIsTooFarBehind_RefusesUntilItIsNotAsync()
    {
        _topicOptions = new QueueOptions { MaxLength = 3 };
        (PartitionOwner topic, PartitionOwner billing) = await OpenAsync();
        await BeginAsync(topic, billing, SubscriptionStart.End);
        await SendAsync(topic, 1, 2); // and what registers the subscription has an offset of its own

        Assert.Equal(SendOutcome.Full, (await topic.SendAsync([new OutgoingMessage { Body = new byte[] { 3 } }], None))[0].Outcome);
        await PumpAsync(topic, billing);
        foreach (LeasedContent message in await ReceiveAllAsync(billing, 2))
        {
            await CompleteAsync(billing, message);
        }

        await PumpAsync(topic, billing, once: true);
        await SendAsync(topic, 4);
        await CloseAsync(topic, billing);
    }

    [Fact]
    public async Task Subscription_TakesNoMoreThanSomeAheadOfItsReceiversAsync()
    {
        const int Messages = 40_000;
        (PartitionOwner topic, PartitionOwner billing) = await OpenAsync();
        await BeginAsync(topic, billing, SubscriptionStart.End);
        OutgoingMessage[] batch = Enumerable.Repeat(new OutgoingMessage { Body = new byte[] { 1 } }, 4000).ToArray();
        for (int sent = 0; sent < Messages; sent += batch.Length)
        {
            await topic.SendAsync(batch, None);
        }

        await PumpAsync(topic, billing);
        long ahead = (await billing.GetStatisticsAsync()).Ready;
        int received = 0;
        while (received < Messages)
        {
            LeasedContent[] some = await billing.ReceiveAsync(4000, null, None);
            received += some.Length;
            await billing.ExecuteAsync((partition, now) => some.Count(one => partition.Complete(one.Lease.Receipt, now) == SettleOutcome.Done));

            await PumpAsync(topic, billing);
        }

        Assert.InRange(ahead, 1, 30_000);
        Assert.Equal(0, (await billing.GetStatisticsAsync()).Ready);
        await CloseAsync(topic, billing);
    }

    private static int Number(LeasedContent content) => content.Content.Body.Span[0];

    private static async Task CompleteAsync(PartitionOwner owner, LeasedContent message) => Assert.Equal(
        SettleOutcome.Done,
        await owner.ExecuteAsync((partition, now) => partition.Complete(message.Lease.Receipt, now)));

    private static async Task SendAsync(PartitionOwner topic, params byte[] numbers)
    {
        SendResult[] results = await topic.SendAsync(
            Array.ConvertAll(numbers, number => new OutgoingMessage { Body = new[] { number } }), None);
        Assert.All(results, result => Assert.Equal(SendOutcome.Accepted, result.Outcome));
    }

    private static async Task CloseAsync(PartitionOwner topic, PartitionOwner billing)
    {
        await billing.DisposeAsync();
        await topic.DisposeAsync();
    }

    private static async Task<LeasedContent[]> ReceiveAllAsync(PartitionOwner owner, int count)
    {
        List<LeasedContent> received = [];
        while (received.Count < count)
        {
            LeasedContent[] more = await owner.ReceiveAsync(count - received.Count, null, None);
            Assert.NotEmpty(more);
            received.AddRange(more);
        }

        return [.. received];
    }

    private TopicNeed Nothing(PartitionOwner billing) => new(_subscription.Creation, billing.Epoch, []);

    private async Task<PartitionOwner> SeekAsync(PartitionOwner topic, PartitionOwner billing, SubscriptionStart start)
    {
        await billing.Intake.SeekAsync(
            await topic.Reads.FindPlaceAsync(_subscription.Creation, billing.Epoch + 1, named: null, start));
        await billing.DisposeAsync();
        return await OpenBillingAsync();
    }

    // As the feed does, until there is nothing more or no room.
    private async Task PumpAsync(PartitionOwner topic, PartitionOwner billing, bool once = false)
    {
        for (; ; once = false)
        {
            (TopicPlace? here, Task room, _) = await billing.Intake.LookAsync();
            TopicPlace place = here!.Value;
            if (!once && (place.Offset >= topic.DurableOffset || !room.IsCompleted))
            {
                return;
            }

            TopicNeed need = new(_subscription.Creation, billing.Epoch, await billing.Intake.GetNeededAsync());
            TopicPart part = await topic.Reads.ReadAsync(need, place.Offset, TimeSpan.Zero, None);
            await billing.Intake.TakeAsync(part, new FilterMatcher(_subscription.Filter).Means);
        }
    }

    private async Task BeginAsync(PartitionOwner topic, PartitionOwner billing, SubscriptionStart start) =>
        await billing.Intake.BeginAsync(
            await topic.Reads.FindPlaceAsync(_subscription.Creation, billing.Epoch, named: null, start));

    private async Task<(PartitionOwner Topic, PartitionOwner Billing)> OpenAsync()
    {
        PartitionDefinition topic = Definitions.Topic(_options, _subscription);
        topic = topic with { Queue = topic.Queue with { Options = _topicOptions } };
        return (await OpenAsync(TopicId, topic), await OpenBillingAsync());
    }

    private Task<PartitionOwner> OpenBillingAsync() => OpenAsync(
        SubscriptionId, Definitions.Subscription(Definitions.Topic(_options, _subscription), _subscription));

    private Task<PartitionOwner> OpenAsync(PartitionId id, PartitionDefinition definition) =>
        OwnerChange.OpenAsync(_log, id, definition, _time, new Random(1), leases: null, None);

    private async Task ReopenLogAsync()
    {
        await _log.DisposeAsync();
        _log = new SqlitePartitionLog(new SqliteLogOptions { Path = _folder.Path });
    }
}
