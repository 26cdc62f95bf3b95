using Granary.Queues.Logs;
using Granary.Queues.Messages;
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
    public async Task Receive_ThatWaits_IsAnsweredByTheNextSend()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);

        Task<IReadOnlyList<ReceivedMessage>> waiting = owner.ReceiveAsync(10, TimeSpan.FromMinutes(1), null, None);
        await owner.SendAsync([Message], None);

        Assert.Equal([1, 2, 3], Assert.Single(await waiting).Content.Body.ToArray());
    }

    [Fact]
    public async Task Receive_WhoseWaitIsOver_IsEmpty()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);

        Task<IReadOnlyList<ReceivedMessage>> waiting = owner.ReceiveAsync(10, TimeSpan.FromMinutes(1), null, None);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(await waiting);
    }

    [Fact]
    public async Task Message_ThatIsScheduled_ComesToWhoWaitsWhenItIsDueAndNotBefore()
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);
        await owner.SendAsync([Message with { DueAt = _time.GetUtcNow() + TimeSpan.FromSeconds(10) }], None);

        Task<IReadOnlyList<ReceivedMessage>> waiting = owner.ReceiveAsync(10, TimeSpan.FromMinutes(1), null, None);
        _time.Advance(TimeSpan.FromMilliseconds(9999));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Single(await waiting);
    }

    [Fact]
    public async Task Send_ToAFullPartitionWhosePolicyIsToWait_EndsWhenThereIsRoom()
    {
        QueueOptions options = new() { MaxLength = 1, Overflow = OverflowPolicy.Wait };
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), options, _time);
        await owner.SendAsync([Message], None);

        Task<SendResult[]> waiting = owner.SendAsync([Message], None);
        Assert.False(waiting.IsCompleted);
        ReceivedMessage received = Assert.Single(await owner.ReceiveAsync(1, TimeSpan.Zero, null, None));
        await owner.ExecuteAsync((partition, now) => partition.Complete(received.Lease.Receipt, now));

        Assert.Equal(SendOutcome.Accepted, Assert.Single(await waiting).Outcome);
    }

    [Fact]
    public async Task Clock_SetAnHourAhead_ExpiresNoLease()
    {
        WallClock clock = new(_time);
        await using PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, clock);
        await owner.SendAsync([Message], None);
        ReceivedMessage received = Assert.Single(await owner.ReceiveAsync(1, TimeSpan.Zero, null, None));

        clock.Ahead = TimeSpan.FromHours(1);

        Assert.Equal(1, (await owner.ExecuteAsync((partition, _) => partition.Statistics())).Leased);
        Assert.Equal(
            SettleOutcome.Done,
            await owner.ExecuteAsync((partition, now) => partition.Complete(received.Lease.Receipt, now)));
    }
}
