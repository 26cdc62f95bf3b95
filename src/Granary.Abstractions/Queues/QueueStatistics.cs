namespace Granary.Queues;

/// <summary>A queue, or a partition of one, at a moment. What has expired is counted until its turn comes.</summary>
[GenerateSerializer, Immutable, Alias("granary.QueueStatistics")]
public readonly record struct QueueStatistics
{
    /// <summary>Deliverable, or waiting for their group.</summary>
    [Id(0)]
    public long Ready { get; init; }

    /// <summary>Scheduled, or to be tried again later.</summary>
    [Id(1)]
    public long Delayed { get; init; }

    /// <summary>With receivers.</summary>
    [Id(2)]
    public long Leased { get; init; }

    /// <summary>Put aside.</summary>
    [Id(3)]
    public long Deferred { get; init; }

    /// <summary>Dead letters.</summary>
    [Id(4)]
    public long Dead { get; init; }

    /// <summary>MessageIds in the deduplication window.</summary>
    [Id(5)]
    public long RememberedIds { get; init; }

    /// <summary>MessageIds that the window's bound pushed out before their time, since the owner opened.</summary>
    [Id(6)]
    public long IdsForgottenEarly { get; init; }

    /// <summary>How long the oldest message that is ready has been there; zero if none is ready.</summary>
    [Id(7)]
    public TimeSpan OldestReadyAge { get; init; }

    /// <summary>How long the longest lease has run; zero if nothing is leased.</summary>
    [Id(8)]
    public TimeSpan OldestLeaseAge { get; init; }

    /// <summary>What has happened since the owner opened.</summary>
    [Id(9)]
    public QueueCounters Total { get; init; }

    /// <summary>What happened in the last <see cref="RecentTime"/>.</summary>
    [Id(10)]
    public QueueCounters Recent { get; init; }

    /// <summary>About 10 s; less when the owner is younger.</summary>
    [Id(11)]
    public TimeSpan RecentTime { get; init; }

    /// <summary>Partitions whose log is damaged: they serve nobody until they are mended.</summary>
    [Id(12)]
    public int DamagedPartitions { get; init; }

    /// <summary>Of a subscription: messages of the topic that it has not come to yet, whoever they are for; about.</summary>
    [Id(13)]
    public long Behind { get; init; }

    /// <summary>All partitions together.</summary>
    public static QueueStatistics Sum(IEnumerable<QueueStatistics> partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        QueueStatistics sum = default;
        foreach (QueueStatistics one in partitions)
        {
            sum = new QueueStatistics
            {
                Ready = sum.Ready + one.Ready,
                Delayed = sum.Delayed + one.Delayed,
                Leased = sum.Leased + one.Leased,
                Deferred = sum.Deferred + one.Deferred,
                Dead = sum.Dead + one.Dead,
                RememberedIds = sum.RememberedIds + one.RememberedIds,
                IdsForgottenEarly = sum.IdsForgottenEarly + one.IdsForgottenEarly,
                OldestReadyAge = Longer(sum.OldestReadyAge, one.OldestReadyAge),
                OldestLeaseAge = Longer(sum.OldestLeaseAge, one.OldestLeaseAge),
                Total = sum.Total + one.Total,
                Recent = sum.Recent + one.Recent,
                RecentTime = Longer(sum.RecentTime, one.RecentTime),
                DamagedPartitions = sum.DamagedPartitions + one.DamagedPartitions,
                Behind = sum.Behind + one.Behind,
            };
        }

        return sum;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
