using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Partitions;
using Granary.Queues.Tests.Logs;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Queues.Tests.Owners;

/// <summary>What becomes of leases when a partition goes from one owner to the next.</summary>
public sealed class LeaseHandOverTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryPartitionLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Lease_GoesOnUnderTheNextOwner_AndEndsInItsTime()
    {
        Receipt receipt;
        await using (PartitionOwner first = await OwnAsync())
        {
            receipt = await LeaseOneAsync(first);
            _time.Advance(TimeSpan.FromSeconds(20));
        }

        _time.Advance(TimeSpan.FromHours(1)); // while nobody has it, nobody can settle
        await using PartitionOwner next = await OwnAsync();
        Assert.Empty(await next.ReceiveAsync(1, Lease, None));
        _time.Advance(TimeSpan.FromMilliseconds(9999));
        Assert.Empty(await next.ReceiveAsync(1, Lease, None));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        LeasedContent again = Assert.Single(await next.ReceiveAsync(1, Lease, None));
        Assert.Equal((1, 2), (again.Lease.DeliveryCount, again.Lease.AcquiredCount)); // it ran out, and that is a failure
        Assert.Equal(SettleOutcome.LockLost, await CompleteAsync(next, receipt));
    }

    [Fact]
    public async Task Receipt_IsGoodThroughManyOwners()
    {
        Receipt receipt;
        await using (PartitionOwner first = await OwnAsync())
        {
            receipt = await LeaseOneAsync(first);
        }

        for (int move = 0; move < 5; move++)
        {
            await using PartitionOwner next = await OwnAsync();
            Assert.Equal(1, (await next.GetStatisticsAsync()).Leased);
        }

        await using PartitionOwner last = await OwnAsync();
        Assert.Equal(SettleOutcome.Done, await CompleteAsync(last, receipt));
        Assert.Equal(SettleOutcome.LockLost, await CompleteAsync(last, receipt));
    }

    [Fact]
    public async Task Owner_InBetweenThatCrashed_EndsTheLease()
    {
        await using (PartitionOwner first = await OwnAsync())
        {
            await LeaseOneAsync(first);
        }

        PartitionOwner crashed = await OwnAsync(); // it has taken the lease, and left nothing
        await using PartitionOwner next = await OwnAsync();

        Assert.Single(await next.ReceiveAsync(1, Lease, None));
        await crashed.DisposeAsync();
        Assert.Equal(1, (await next.GetStatisticsAsync()).Leased); // what it leaves too late is nobody's
    }

    [Fact]
    public async Task Slot_WhoseOwnerHasFailed_KeepsTheLeasesInThisProcess()
    {
        int opened = 0;
        PartitionSlot slot = new(
            LogFolder.Partition,
            (id, leases) =>
            {
                opened++;
                return OwnerChange.OpenAsync(_log, id, Definitions.Queue(), _time, new Random(1), leases, None);
            },
            _time,
            new QueueCensus(_time));
        Receipt receipt = await slot.RunAsync(LeaseOneAsync);

        await slot.RunAsync(owner =>
        {
            owner.Fail(new GranaryUnavailableException("the database is away"));
            return Task.FromResult(true);
        });
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty(await slot.RunAsync(owner => owner.ReceiveAsync(1, Lease, None)));
        Assert.Equal(SettleOutcome.Done, await slot.RunAsync(owner => CompleteAsync(owner, receipt)));
        Assert.Equal(2, opened);
    }

    [Fact]
    public async Task Owner_ThatHasFailedWithMoreToWrite_CanBeClosed()
    {
        PartitionOwner old = await OwnAsync();
        await using PartitionOwner next = await OwnAsync();

        Task[] sends = [.. Enumerable.Range(0, 10).Select(_ => old.SendAsync([new OutgoingMessage()], None))];

        await Assert.ThrowsAsync<GranaryUnavailableException>(() => Task.WhenAll(sends));
        await old.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, None);
        Assert.True(old.HasFailed);
    }

    [Fact]
    public async Task Slot_ThatLeaves_EndsWaitsAndRefusesCalls()
    {
        PartitionSlot slot = new(LogFolder.Partition, (_, _) => OwnAsync(), _time, new QueueCensus(_time));
        Task<bool> waiting = slot.RunAsync(owner => owner.WaitUntilReadyAsync(TimeSpan.FromMinutes(1), None));

        slot.Leave();

        await Assert.ThrowsAsync<GranaryUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<GranaryUnavailableException>(() => slot.RunAsync(owner => owner.GetStatisticsAsync()));
        await slot.CloseAsync();
    }

    [Fact]
    public async Task Failures_ThatWereCountedAtTheEnd_AreWritten()
    {
        await using (PartitionOwner first = await OwnAsync())
        {
            await LeaseOneAsync(first);
            _time.Advance(Lease); // it lapses by itself; nobody waits for the record
        }

        await using PartitionOwner next = await OwnAsync();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, Assert.Single(await next.ReceiveAsync(1, Lease, None)).Lease.DeliveryCount);
    }

    [Fact]
    public void Bytes_ThatAreNotAsTheyWereWritten_AreNoLeases()
    {
        byte[] bytes = new LeaseHandOver(3, [new HeldLease(1, 2, 3, 4)]).Write();
        LeaseHandOver read = LeaseHandOver.Read(bytes)!;
        Assert.Equal((3, new HeldLease(1, 2, 3, 4)), (read.Epoch, Assert.Single(read.Leases)));

        for (int index = 0; index < bytes.Length; index++)
        {
            byte[] damaged = [.. bytes];
            damaged[index] ^= 1;
            Assert.Null(LeaseHandOver.Read(damaged));
            Assert.Null(LeaseHandOver.Read(bytes.AsMemory(0, index)));
        }
    }

    private Task<PartitionOwner> OwnAsync() =>
        LogFolder.OwnAsync(_log, new QueueOptions { RetryDelay = TimeSpan.Zero }, _time);

    private static async Task<Receipt> LeaseOneAsync(PartitionOwner owner)
    {
        await owner.SendAsync([new OutgoingMessage { Body = new byte[] { 1 } }], None);
        return Assert.Single(await owner.ReceiveAsync(1, Lease, None)).Lease.Receipt;
    }

    private static Task<SettleOutcome> CompleteAsync(PartitionOwner owner, Receipt receipt) =>
        owner.ExecuteAsync((partition, now) => partition.Complete(receipt, now));
}
