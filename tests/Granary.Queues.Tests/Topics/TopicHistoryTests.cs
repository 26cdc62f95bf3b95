using CsCheck;
using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Topics;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Queues.Tests.Topics;

/// <summary>
/// Random histories of a topic with a subscription: sends, readings, leases, settlements, seeks, trimming, and owners that
/// die or are replaced. What was sent and is meant comes until it is completed; what is completed does not come again.
/// </summary>
public sealed class TopicHistoryTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Gen<(int Command, int Number)[]> Commands =
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 50]).Array[0, 60];

    [Fact]
    public void Message_ThatIsMeant_ComesUntilItIsCompletedAndNotAfterwards() =>
        Commands.Sample(commands => RunAsync(commands).GetAwaiter().GetResult(), iter: 300);

    private static async Task RunAsync((int Command, int Number)[] commands)
    {
        await using Course course = await Course.StartAsync();
        foreach ((int command, int number) in commands)
        {
            await course.StepAsync(command, number);
        }

        await course.FinishAsync();
    }

    private sealed class Course : IAsyncDisposable
    {
        private static readonly PartitionId TopicId = new("orders", 0);
        private static readonly PartitionId SubscriptionId = new("orders/some", 0);

        private readonly FakeTimeProvider _time = new();
        private readonly MemoryPartitionLog _log = new();
        private readonly SubscriptionDefinition _subscription = new("some") { Creation = Guid.NewGuid() };
        private readonly HashSet<long> _wanted = []; // sent, meant and not completed
        private readonly List<LeasedContent> _held = [];
        private int _sent;
        private PartitionOwner _topic = null!;
        private PartitionOwner _billing = null!;

        public static async Task<Course> StartAsync()
        {
            Course course = new();
            await course.OpenTopicAsync();
            await course.OpenBillingAsync();
            await course._billing.Intake.BeginAsync(await course._topic.Reads.FindPlaceAsync(
                course._subscription.Creation, course._billing.Epoch, null, SubscriptionStart.End));
            return course;
        }

        public async Task StepAsync(int command, int number)
        {
            switch (command)
            {
                case <= 3:
                    await SendAsync(1 + (number % 3), number % 5 == 0 ? $"group{number % 2}" : null);
                    break;
                case 4 or 5:
                    await PumpAsync();
                    break;
                case 6 or 7:
                    await ReceiveAsync(1 + (number % 4));
                    break;
                case 8 or 9 when _held.Count > 0:
                    await SettleAsync(number);
                    break;
                case 10 when number % 2 == 0:
                    await TrimAsync();
                    break;
                case 11 when number % 3 == 0:
                    await OpenTopicAsync(); // the last one is dead: it writes nothing more
                    break;
                case 11 when number % 3 == 1:
                    await OpenBillingAsync();
                    break;
                case 12 when number % 8 == 0:
                    await SeekToTheEndAsync();
                    break;
            }
        }

        public ValueTask DisposeAsync() => _log.DisposeAsync();

        // All that is still wanted comes.
        public async Task FinishAsync()
        {
            await TrimAsync();
            await OpenBillingAsync(); // no lease holds anything up
            await PumpAsync();
            while (await ReceiveAsync(10) > 0)
            {
                while (_held.Count > 0)
                {
                    await SettleAsync(0);
                }
            }

            Assert.Empty(_wanted);
        }

        private static bool IsMeant(StoredMessage message) => message.Body.Span[0] % 3 != 0;

        private async Task SendAsync(int count, string? group)
        {
            OutgoingMessage[] batch = [.. Enumerable.Range(0, count).Select(_ =>
                new OutgoingMessage { Body = new[] { (byte)(_sent++ % 200) }, Group = group })];
            SendResult[] results = await _topic.SendAsync(batch, None);
            for (int index = 0; index < count; index++)
            {
                if (batch[index].Body.Span[0] % 3 != 0)
                {
                    Assert.True(_wanted.Add(results[index].Position.Offset), "An offset was given twice.");
                }
            }
        }

        private async Task PumpAsync()
        {
            while ((await _billing.Intake.LookAsync()).Place is { } place && place.Offset < _topic.DurableOffset)
            {
                TopicNeed need = new(_subscription.Creation, _billing.Epoch, await _billing.Intake.GetNeededAsync());
                TopicPart part = await _topic.Reads.ReadAsync(need, place.Offset, TimeSpan.Zero, None);
                await _billing.Intake.TakeAsync(part, IsMeant);
            }
        }

        private async Task<int> ReceiveAsync(int max)
        {
            LeasedContent[] received = await _billing.ReceiveAsync(max, null, None);
            foreach (LeasedContent one in received)
            {
                Assert.True(IsMeant(one.Content), "A message came that is not meant.");
                Assert.Contains(one.Content.Offset, _wanted);
                Assert.DoesNotContain(one.Content.Offset, _held.Where(held => held.Lease.Receipt.Epoch == _billing.Epoch).Select(held => held.Content.Offset));
                _held.Add(one);
            }

            return received.Length;
        }

        private async Task SettleAsync(int number)
        {
            LeasedContent one = _held[number % _held.Count];
            _held.Remove(one);
            bool completes = number % 4 != 1;
            SettleOutcome outcome = await _billing.ExecuteAsync((partition, now) => completes
                ? partition.Complete(one.Lease.Receipt, now)
                : partition.Release(one.Lease.Receipt, now));
            if (outcome == SettleOutcome.Done && completes)
            {
                Assert.True(_wanted.Remove(one.Content.Offset), "A message was completed twice.");
            }
        }

        private async Task TrimAsync()
        {
            await PumpAsync();
            await _billing.Intake.GetNeededAsync();
            await _topic.ExecuteAsync((_, _) =>
            {
                _topic.TrimSoon();
                return true;
            });
        }

        private async Task SeekToTheEndAsync()
        {
            await _billing.Intake.SeekAsync(await _topic.Reads.FindPlaceAsync(
                _subscription.Creation, _billing.Epoch + 1, null, SubscriptionStart.End));
            _wanted.Clear();
            await OpenBillingAsync();
        }

        private async Task OpenTopicAsync() => _topic = await OpenAsync(TopicId, Definitions.Topic(null, _subscription));

        private async Task OpenBillingAsync() => _billing = await OpenAsync(
            SubscriptionId, Definitions.Subscription(Definitions.Topic(null, _subscription), _subscription));

        private Task<PartitionOwner> OpenAsync(PartitionId id, PartitionDefinition definition) =>
            OwnerChange.OpenAsync(_log, id, definition, _time, new Random(1), leases: null, None);
    }
}
