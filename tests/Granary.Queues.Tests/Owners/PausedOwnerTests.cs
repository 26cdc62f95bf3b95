using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Tests.Logs;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Queues.Tests.Owners;

/// <summary>A queue that is paused gives nothing out, and all else goes on.</summary>
public sealed class PausedOwnerTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30); // of a test that fails
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly OutgoingMessage Message = new() { Body = new byte[] { 1, 2, 3 } };

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly MemoryPartitionLog _log = new();
    private PartitionOwner _owner = null!;

    public async ValueTask InitializeAsync() => _owner = await LogFolder.OwnAsync(_log, null, _time);

    public ValueTask DisposeAsync() => _owner.DisposeAsync();

    [Fact]
    public async Task Receiver_ThatWaits_IsWokenByTheResumeAndNotBefore()
    {
        Task<bool> waiting = _owner.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), None);
        Pause(true);
        await SendAsync();
        await SendAsync(_time.GetUtcNow() + TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(2)); // it is due
        Task<bool> late = _owner.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), None);

        Assert.Empty(await _owner.ReceiveAsync(10, null, None));
        Assert.Equal((2, 0), ((await _owner.GetStatisticsAsync()).Ready, (await _owner.GetStatisticsAsync()).Delayed));
        Assert.False(waiting.IsCompleted || late.IsCompleted);
        Pause(false);

        Assert.True(await waiting.WaitAsync(Deadline, None));
        Assert.True(await late.WaitAsync(Deadline, None));
        Assert.Equal(2, (await _owner.ReceiveAsync(10, null, None)).Length);
    }

    [Fact]
    public async Task Leases_OfBefore_GoOn()
    {
        Receipt[] receipts = await ReceiveAsync(6);
        Pause(true);
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(SettleOutcome.Done, await _owner.ExecuteAsync((partition, now) => partition.Renew(receipts[0], null, now)));
        Assert.Equal(SettleOutcome.Done, await _owner.ExecuteAsync((partition, now) => partition.Complete(receipts[1], now)));
        Assert.Equal(SettleOutcome.Done, await _owner.ExecuteAsync((partition, now) => partition.Abandon(receipts[2], "because", null, now)));
        Assert.Equal(SettleOutcome.Done, await _owner.ExecuteAsync((partition, now) => partition.Release(receipts[3], now)));
        Assert.Equal(SettleOutcome.Done, await _owner.ExecuteAsync((partition, now) => partition.DeadLetter(receipts[4], "poison", null, now)));
        _time.Advance(TimeSpan.FromSeconds(20)); // the first is renewed, the last lapses
        QueueStatistics counts = await _owner.GetStatisticsAsync();

        Assert.Equal((1, 1, 1, 1), (counts.Leased, counts.Dead, counts.Total.Completed, counts.Total.Lapsed));
        Assert.Equal(1, await _owner.ExecuteAsync((partition, now) => partition.Redrive(DeadFilter.All, 10, now)));
        Assert.Empty(await _owner.ReceiveAsync(10, null, None));
        Assert.Equal(SettleOutcome.Done, await _owner.ExecuteAsync((partition, now) => partition.Complete(receipts[0], now)));
        Assert.True(await _owner.ExecuteAsync((partition, now) => partition.Purge(MessageState.Ready, DeadFilter.All, 10, now)) > 0);
    }

    [Fact]
    public async Task Message_ThatIsDeferred_IsNotGivenOutAndStaysDeferred()
    {
        Receipt receipt = (await ReceiveAsync(1))[0];
        await _owner.ExecuteAsync((partition, now) => partition.Defer(receipt, now));
        Pause(true);

        GranaryQueuePausedException error = await Assert.ThrowsAsync<GranaryQueuePausedException>(
            () => _owner.ReceiveDeferredAsync([receipt.Offset], null, None));

        Assert.Contains("'orders' is paused", error.Message, StringComparison.Ordinal);
        Pause(false);
        Assert.Single(await _owner.ReceiveDeferredAsync([receipt.Offset], null, None));
    }

    [Fact]
    public async Task Message_ThatIsTooOld_ExpiresNevertheless()
    {
        Pause(true);
        await _owner.SendAsync([Message with { TimeToLive = TimeSpan.FromSeconds(1) }], None);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((0, 1), ((await _owner.GetStatisticsAsync()).Ready, (await _owner.GetStatisticsAsync()).Total.Expired));
    }

    [Fact]
    public async Task Owner_OfAQueueThatIsPaused_BeginsPausedAndTakesTheLeasesOver()
    {
        Receipt receipt = (await ReceiveAsync(1))[0];
        await SendAsync();
        Pause(true);
        await _owner.DisposeAsync();

        _owner = await OwnerChange.OpenAsync(
            _log, LogFolder.Partition, Definitions.Queue(isPaused: true), _time, new Random(1), _owner.Leases, None);

        Task<bool> waiting = _owner.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), None);
        Assert.Empty(await _owner.ReceiveAsync(10, null, None));
        Assert.Equal(SettleOutcome.Done, await _owner.ExecuteAsync((partition, now) => partition.Complete(receipt, now)));
        Assert.False(waiting.IsCompleted);
        Pause(false);
        Assert.True(await waiting.WaitAsync(Deadline, None));
        Assert.Single(await _owner.ReceiveAsync(10, null, None));
    }

    [Fact]
    public async Task Failing_AreThoseThatHaveFailedAndAreNotGivenUpTheOldestFirst()
    {
        Receipt[] receipts = await ReceiveAsync(5); // the last has not failed
        await AbandonAsync(receipts[0], "first", TimeSpan.Zero);
        await AbandonAsync(receipts[1], "second", TimeSpan.FromHours(1));
        await AbandonAsync(receipts[2], "third", TimeSpan.Zero);
        await AbandonAsync(receipts[3], "fourth", TimeSpan.Zero);
        Receipt again = Assert.Single(await _owner.ReceiveAsync(1, null, None)).Lease.Receipt; // the first
        await _owner.ExecuteAsync((partition, now) => partition.Purge(MessageState.Ready, DeadFilter.All, 1, now)); // the third

        PeekedContent[] failing = await _owner.PeekFailingAsync(10, None);

        Assert.Equal(
            [(0L, MessageState.Leased, 1, "first"), (1L, MessageState.Delayed, 1, "second"), (3L, MessageState.Ready, 1, "fourth")],
            failing.Select(static one => one.Description)
                .Select(static one => (one.Offset, one.State, one.DeliveryCount, Assert.Single(one.Failures).Reason)));
        await AbandonAsync(again, "once more", TimeSpan.Zero);
        Assert.Equal(2, Assert.Single(await _owner.PeekFailingAsync(1, None)).Description.DeliveryCount);
    }

    private Task<SettleOutcome> AbandonAsync(Receipt receipt, string reason, TimeSpan delay) =>
        _owner.ExecuteAsync((partition, now) => partition.Abandon(receipt, reason, delay, now));

    private void Pause(bool isPaused) => _owner.SetDefinition(Definitions.Queue(isPaused: isPaused));

    private Task<SendResult[]> SendAsync(DateTimeOffset? due = null) => _owner.SendAsync([Message with { DueAt = due }], None);

    private async Task<Receipt[]> ReceiveAsync(int count)
    {
        for (int number = 0; number < count; number++)
        {
            await SendAsync();
        }

        return [.. (await _owner.ReceiveAsync(count, null, None)).Select(static one => one.Lease.Receipt)];
    }
}
