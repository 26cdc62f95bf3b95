using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Tests.Logs;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Queues.Tests.Owners;

/// <summary>What a silo tells of its queues: counters that never become less, and a bounded number of names.</summary>
public sealed class QueueCensusTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly OutgoingMessage Message = new() { Body = new byte[] { 1, 2, 3 } };

    private readonly FakeTimeProvider _time = new();
    private readonly QueueCensus _census;

    public QueueCensusTests() => _census = new QueueCensus(_time);

    [Fact]
    public async Task Counters_OfAnOwnerThatHasEnded_StayAsync()
    {
        PartitionOwner first = await OwnAsync("orders", sent: 2);
        await first.DisposeAsync();
        _census.Remove(first);
        Assert.Equal((0, 0L, 2L), Told(Assert.Single(_census.Read())));

        await using PartitionOwner second = await OwnAsync("orders", sent: 3);

        Assert.Equal((1, 3L, 5L), Told(Assert.Single(_census.Read())));
    }

    [Fact]
    public async Task Messages_OfAnOwnerThatHasFailed_AreNotToldAndItsCountsStayAsync()
    {
        PartitionOwner owner = await OwnAsync("orders", sent: 1);

        owner.Fail(new GranaryUnavailableException("The log is away."));

        Assert.Equal((0, 0L, 1L), Told(Assert.Single(_census.Read())));
    }

    [Fact]
    public async Task Partitions_ThatArePaused_AreToldAsync()
    {
        PartitionOwner paused = await OwnAsync("orders", sent: 1);
        await OwnAsync("orders", sent: 1);

        paused.SetDefinition(Definitions.Queue(isPaused: true));

        QueueRow row = Assert.Single(_census.Read());
        Assert.Equal((2, 1), (row.Partitions, row.PausedPartitions));
    }

    [Fact]
    public async Task Each_OfMoreQueuesThanMetricsTellApart_IsToldWithWhatHappenedOfLateAsync()
    {
        for (int number = 0; number < QueueCensus.MaxQueues + 2; number++)
        {
            await OwnAsync($"queue-{number}", sent: 1);
        }

        PartitionOwner busy = await OwnAsync("busy", sent: 3);
        _time.Advance(TimeSpan.FromSeconds(5));

        IReadOnlyList<QueueRow> rows = _census.ReadEach();

        Assert.Equal(QueueCensus.MaxQueues + 3, rows.Count);
        QueueRow told = rows.Single(static row => row.Queue == "busy");
        Assert.Equal((3L, 3L, 5.0), (told.Statistics.Ready, told.Statistics.Recent.Sent, told.Statistics.RecentTime.TotalSeconds));
        _time.Advance(TimeSpan.FromSeconds(20));
        _census.ReadEach();
        Assert.Equal(0, _census.ReadEach().Single(static row => row.Queue == "busy").Statistics.Recent.Sent);
        await busy.DisposeAsync();
    }

    [Fact]
    public async Task Queues_BeyondThoseThatAreToldApart_AreToldTogetherAsync()
    {
        for (int number = 0; number < QueueCensus.MaxQueues + 2; number++)
        {
            await OwnAsync($"queue-{number}", sent: 1);
        }

        IReadOnlyList<QueueRow> rows = _census.Read();

        Assert.Equal(QueueCensus.MaxQueues + 1, rows.Count);
        Assert.Equal((2, 2L, 2L), Told(Assert.Single(rows, static row => row.Queue == QueueCensus.OtherQueues)));
    }

    [Fact]
    public async Task Place_OfAQueueThatHasNoPartitionHere_GoesToTheNextAsync()
    {
        PartitionOwner gone = await OwnAsync("queue-0", sent: 1);
        for (int number = 1; number < QueueCensus.MaxQueues; number++)
        {
            await OwnAsync($"queue-{number}", sent: 0);
        }

        _census.Remove(gone);
        await OwnAsync("next", sent: 1);

        IReadOnlyList<QueueRow> rows = _census.Read();
        Assert.Equal(QueueCensus.MaxQueues, rows.Count);
        Assert.Contains(rows, static row => row.Queue == "next");
        Assert.DoesNotContain(rows, static row => row.Queue is "queue-0" or QueueCensus.OtherQueues);
    }

    private static (int Partitions, long Ready, long Sent) Told(QueueRow row) =>
        (row.Partitions, row.Statistics.Ready, row.Statistics.Total.Sent);

    private async Task<PartitionOwner> OwnAsync(string queue, int sent)
    {
        PartitionOwner owner = await LogFolder.OwnAsync(new MemoryPartitionLog(), null, _time);
        _census.Add(new PartitionId(queue, 0), owner);
        for (int number = 0; number < sent; number++)
        {
            await owner.SendAsync([Message], None);
        }

        return owner;
    }
}
