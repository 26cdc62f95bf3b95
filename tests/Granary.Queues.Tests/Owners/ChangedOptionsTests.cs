using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Tests.Logs;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Queues.Tests.Owners;

/// <summary>A queue gets other options while it is in use: what is under way goes on, what comes is treated by the new ones.</summary>
public sealed class ChangedOptionsTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30); // of a test that fails
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly OutgoingMessage Message = new() { Body = new byte[] { 1, 2, 3 } };

    private readonly FakeTimeProvider _time = new();
    private PartitionOwner _owner = null!;

    public async ValueTask InitializeAsync() => _owner = await LogFolder.OwnAsync(
        new MemoryPartitionLog(), new QueueOptions { MaxLength = 1, Overflow = OverflowPolicy.Wait }, _time);

    public ValueTask DisposeAsync() => _owner.DisposeAsync();

    [Fact]
    public async Task Lease_OfBefore_IsNobodyElsesAndItsReceiptIsGood()
    {
        Receipt receipt = await ReceiveAsync();

        _owner.SetOptions(new QueueOptions { LeaseDuration = TimeSpan.FromSeconds(1) });
        _owner.SetOptions(new QueueOptions { LeaseDuration = TimeSpan.FromSeconds(2) });
        _time.Advance(TimeSpan.FromSeconds(29)); // of 30

        Assert.Empty(await _owner.ReceiveAsync(1, null, None));
        Assert.Equal(SettleOutcome.Done, await _owner.ExecuteAsync((partition, now) => partition.Complete(receipt, now)));
        Assert.False(_owner.HasFailed);
    }

    [Fact]
    public async Task Receive_ThatWaits_GoesOn()
    {
        Task<bool> waiting = _owner.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), None);

        _owner.SetOptions(new QueueOptions());
        await _owner.SendAsync([Message], None);

        Assert.True(await waiting.WaitAsync(Deadline, None));
    }

    [Fact]
    public async Task Send_ThatWaitsForRoom_GetsWhatTheNewOptionsMake()
    {
        await _owner.SendAsync([Message], None);
        Task<SendResult[]> waiting = _owner.SendAsync([Message], None);
        Assert.False(waiting.IsCompleted);

        _owner.SetOptions(new QueueOptions { MaxLength = 2 });

        Assert.Equal(SendOutcome.Accepted, Assert.Single(await waiting.WaitAsync(Deadline, None)).Outcome);
        Assert.Equal(SendOutcome.Full, Assert.Single(await _owner.SendAsync([Message], None)).Outcome);
    }

    [Fact]
    public async Task Failure_OfNow_IsCountedByTheNewOptions()
    {
        Receipt receipt = await ReceiveAsync();

        _owner.SetOptions(new QueueOptions { MaxDeliveryCount = 1 });
        await _owner.ExecuteAsync((partition, now) => partition.Abandon(receipt, "poison", null, now));

        Assert.Equal(1, (await _owner.GetStatisticsAsync()).Dead);
    }

    [Fact]
    public async Task MessageId_OfBefore_IsRememberedAsLongAsTheNewOptionsSay()
    {
        OutgoingMessage message = Message with { MessageId = "id" };
        _owner.SetOptions(new QueueOptions());
        await _owner.SendAsync([message], None);

        _owner.SetOptions(new QueueOptions { DeduplicationWindow = TimeSpan.FromMinutes(10) });
        _time.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal(SendOutcome.Duplicate, Assert.Single(await _owner.SendAsync([message], None)).Outcome);
    }

    private async Task<Receipt> ReceiveAsync()
    {
        await _owner.SendAsync([Message], None);
        return Assert.Single(await _owner.ReceiveAsync(1, null, None)).Lease.Receipt;
    }
}
