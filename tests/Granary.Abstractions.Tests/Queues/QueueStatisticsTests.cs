using Granary.Queues;

namespace Granary.Abstractions.Tests.Queues;

/// <summary>A queue's numbers are its partitions' together.</summary>
public sealed class QueueStatisticsTests
{
    [Fact]
    public void Sum_OfPartitions_AddsWhatIsCountedAndTakesTheOldestAge()
    {
        QueueStatistics one = new()
        {
            Ready = 1,
            Delayed = 2,
            Leased = 3,
            Deferred = 4,
            Dead = 5,
            RememberedIds = 6,
            IdsForgottenEarly = 7,
            DamagedPartitions = 1,
            OldestReadyAge = TimeSpan.FromSeconds(9),
            OldestLeaseAge = TimeSpan.FromSeconds(1),
            RecentTime = TimeSpan.FromSeconds(10),
        };
        QueueStatistics other = one with
        {
            Ready = 10,
            OldestReadyAge = TimeSpan.FromSeconds(2),
            OldestLeaseAge = TimeSpan.FromSeconds(3),
            RecentTime = TimeSpan.FromSeconds(4),
        };

        QueueStatistics sum = QueueStatistics.Sum([one, other]);

        Assert.Equal((11, 4, 6, 8, 10), (sum.Ready, sum.Delayed, sum.Leased, sum.Deferred, sum.Dead));
        Assert.Equal((12, 14, 2), (sum.RememberedIds, sum.IdsForgottenEarly, sum.DamagedPartitions));
        Assert.Equal(
            (9, 3, 10),
            (sum.OldestReadyAge.TotalSeconds, sum.OldestLeaseAge.TotalSeconds, sum.RecentTime.TotalSeconds));
    }
}
