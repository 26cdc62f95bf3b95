using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Tests.Logs;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Queues.Tests.Owners;

public sealed class PartitionOwnerTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly OutgoingMessage Message = new() { Body = new byte[] { 1, 2, 3 } };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Wait_ForAMessage_EndsWithTheNextSend()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);

        Task<bool> waiting = owner.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), None);
        await owner.SendAsync([Message], None);

        Assert.True(await waiting);
        Assert.Equal([1, 2, 3], Assert.Single(await owner.ReceiveAsync(10, null, None)).Content.Body.ToArray());
    }

    [Fact]
    public async Task Wait_ThatIsOver_HasNothing()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);

        Task<bool> waiting = owner.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), None);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(await waiting);
    }

    [Fact]
    public async Task Message_ThatIsScheduled_ComesToWhoWaitsWhenItIsDueAndNotBefore()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);
        await owner.SendAsync([Message with { DueAt = _time.GetUtcNow() + TimeSpan.FromSeconds(10) }], None);

        Task<bool> waiting = owner.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), None);
        _time.Advance(TimeSpan.FromMilliseconds(9999));
        Assert.False(waiting.IsCompleted);
        Assert.Empty(await owner.ReceiveAsync(1, null, None));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(await waiting);
        Assert.Single(await owner.ReceiveAsync(1, null, None));
    }

    [Fact]
    public async Task Receive_OfLongMessages_IsCutAndLeavesTheRestReady()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);
        OutgoingMessage message = Message with { Body = new byte[200 << 10] };
        await owner.SendAsync([message, message, message, message], None);

        int first = (await owner.ReceiveAsync(4, null, None)).Length;

        Assert.Equal(2, first); // of 512 KiB
        QueueStatistics statistics = await owner.GetStatisticsAsync();
        Assert.Equal((2, 2), (statistics.Leased, statistics.Ready));
        LeasedContent third = (await owner.ReceiveAsync(4, null, None))[0];
        Assert.Equal(0, third.Lease.DeliveryCount);
    }

    [Fact]
    public async Task Statistics_OfTheLastSeconds_ForgetWhatWasBefore()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);
        await owner.SendAsync([Message, Message], None);
        await owner.ReceiveAsync(1, null, None);
        _time.Advance(TimeSpan.FromSeconds(3));

        QueueStatistics now = await owner.GetStatisticsAsync();
        _time.Advance(TimeSpan.FromSeconds(15));
        QueueStatistics later = await owner.GetStatisticsAsync();

        Assert.Equal((2, 1), (now.Recent.Sent, now.Recent.Received));
        Assert.Equal((3, 3, 3), (now.RecentTime.TotalSeconds, now.OldestReadyAge.TotalSeconds, now.OldestLeaseAge.TotalSeconds));
        Assert.Equal((0, 2), (later.Recent.Sent, later.Total.Sent));
        Assert.Equal(10, later.RecentTime.TotalSeconds);
    }

    [Fact]
    public async Task OldestReady_BehindOneOfItsGroup_HasItsAge()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);
        await owner.SendAsync([Message with { Group = "a" }, Message with { Group = "a" }], None);
        await owner.ReceiveAsync(1, null, None);
        _time.Advance(TimeSpan.FromSeconds(3));
        await owner.SendAsync([Message], None);

        QueueStatistics statistics = await owner.GetStatisticsAsync();

        Assert.Equal((2, 3), (statistics.Ready, statistics.OldestReadyAge.TotalSeconds));
    }

    [Fact]
    public async Task Statistics_OfTheLastSeconds_CountWhatWasSentAfterAPause()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);
        await owner.SendAsync([Message, Message], None);
        _time.Advance(TimeSpan.FromSeconds(15));
        await owner.SendAsync([Message], None);
        _time.Advance(TimeSpan.FromSeconds(9.5));

        QueueStatistics statistics = await owner.GetStatisticsAsync();

        Assert.Equal((1, 3), (statistics.Recent.Sent, statistics.Total.Sent));
    }

    [Fact]
    public async Task Send_ToAFullPartitionWhosePolicyIsToWait_EndsWhenThereIsRoom()
    {
        QueueOptions options = new() { MaxLength = 1, Overflow = OverflowPolicy.Wait };
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), options, _time);
        await owner.SendAsync([Message], None);

        Task<SendResult[]> waiting = owner.SendAsync([Message], None);
        Assert.False(waiting.IsCompleted);
        LeasedContent received = Assert.Single(await owner.ReceiveAsync(1, null, None));
        await owner.ExecuteAsync((partition, now) => partition.Complete(received.Lease.Receipt, now));

        Assert.Equal(SendOutcome.Accepted, Assert.Single(await waiting).Outcome);
    }

    [Fact]
    public async Task Send_ThatHasWaitedForRoomLongEnough_IsToldToComeAgainAndLeavesItsTurn()
    {
        QueueOptions options = new() { MaxLength = 1, Overflow = OverflowPolicy.Wait };
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), options, _time);
        await owner.SendAsync([Message], None);

        Task<SendResult[]> first = owner.SendAsync([Message], None);
        _time.Advance(TimeSpan.FromSeconds(2));
        Task<SendResult[]> second = owner.SendAsync([Message], None);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SendOutcome.Unavailable, Assert.Single(await first).Outcome);
        LeasedContent received = Assert.Single(await owner.ReceiveAsync(1, null, None));
        await owner.ExecuteAsync((partition, now) => partition.Complete(received.Lease.Receipt, now));

        Assert.Equal(SendOutcome.Accepted, Assert.Single(await second).Outcome);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Clock_ThatJumps_ChangesNoLeaseNoDelayAndNoLifetime(int hours)
    {
        WallClock clock = new(_time);
        QueueOptions options = new() { TimeToLive = TimeSpan.FromMinutes(10) };
        await using PartitionOwner owner =
            await LogFolder.OwnAsync(new MemoryPartitionLog(), options, new SteadyTimeProvider(clock));
        await owner.SendAsync(
            [Message, Message, Message with { DueAt = clock.GetUtcNow() + TimeSpan.FromSeconds(20) }], None);
        LeasedContent received = Assert.Single(await owner.ReceiveAsync(1, null, None));

        clock.Ahead = TimeSpan.FromHours(hours);
        _time.Advance(TimeSpan.FromSeconds(19));

        QueueStatistics now = await owner.ExecuteAsync((partition, now) => partition.Statistics(now));
        Assert.Equal((1, 1, 1, 0), (now.Leased, now.Ready, now.Delayed, now.Dead));
        Assert.Equal(
            SettleOutcome.Done,
            await owner.ExecuteAsync((partition, now) => partition.Complete(received.Lease.Receipt, now)));

        _time.Advance(TimeSpan.FromSeconds(1)); // the scheduled one is due
        Assert.Equal(2, (await owner.ExecuteAsync((partition, now) => partition.Statistics(now))).Ready);

        _time.Advance(TimeSpan.FromMinutes(10)); // and now they have expired
        now = await owner.ExecuteAsync((partition, now) => partition.Statistics(now));
        Assert.Equal((0, 0), (now.Ready, now.Delayed));
    }
}
