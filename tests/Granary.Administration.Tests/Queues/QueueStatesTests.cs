using Granary.Administration.Queues;
using Granary.Queues;
using Granary.Reports;

namespace Granary.Administration.Tests.Queues;

public sealed class QueueStatesTests
{
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(10);

    [Fact]
    public void List_OfAQueueOnTwoSilos_AddsThemUp()
    {
        SiloReport a = TestReports.Of("a") with { Queues = [Report(5, new QueueStatistics { Ready = 2, RecentTime = Recent, Recent = new QueueCounters { Sent = 40 } }, 1)] };
        SiloReport b = TestReports.Of("b") with { Queues = [Report(3, new QueueStatistics { Ready = 1, Leased = 4, RecentTime = Recent, Recent = new QueueCounters { Sent = 60 } }, 2)] };

        QueueState queue = Assert.Single(QueueStates.Of([Definition()], TestReports.Reading(("a", a), ("b", b))).Queues);

        Assert.Equal((3, 4, 8, 3), (queue.Ready, queue.Leased, queue.OpenPartitions, queue.WaitingReceivers));
        Assert.Equal(10, queue.Rates.Sent);
    }

    [Fact]
    public void List_OfATopic_HasItAndItsSubscriptions()
    {
        QueueDefinition topic = Definition("news") with
        {
            Topic = new TopicOptions(),
            Subscriptions = [new SubscriptionDefinition("mail")],
        };

        IReadOnlyList<QueueState> queues = QueueStates.Of([topic], TestReports.Reading(("a", TestReports.Of("a")))).Queues;

        Assert.Equal([("news", QueueKind.Topic), ("news/mail", QueueKind.Subscription)], queues.Select(static one => (one.Name, one.Kind)));
    }

    [Fact]
    public void State_OfAQueueWithNothing_IsIdle() => Assert.Equal(QueueHealth.Idle, Of(default));

    [Fact]
    public void State_OfAQueueThatNobodyTakesFrom_IsStuckAfterHalfAMinute()
    {
        Assert.Equal(QueueHealth.Ok, Of(new QueueStatistics { Ready = 1, OldestReadyAge = TimeSpan.FromSeconds(30) }));
        Assert.Equal(QueueHealth.Stuck, Of(new QueueStatistics { Ready = 1, OldestReadyAge = TimeSpan.FromSeconds(31) }));
    }

    [Fact]
    public void State_OfABacklogThatIsWorkedOn_IsBusy() => Assert.Equal(
        QueueHealth.Busy,
        Of(new QueueStatistics { Ready = 9, OldestReadyAge = TimeSpan.FromMinutes(5), RecentTime = Recent, Recent = new QueueCounters { Received = 100, Completed = 100 } }));

    [Fact]
    public void State_OfAQueueWhereAFifthFails_IsFailing()
    {
        Assert.Equal(QueueHealth.Ok, Of(Failing(19)));
        Assert.Equal(QueueHealth.Failing, Of(Failing(20)));

        static QueueStatistics Failing(int failures) => new()
        {
            Leased = 1,
            RecentTime = Recent,
            Recent = new QueueCounters { Received = 100, Abandoned = failures },
        };
    }

    [Fact]
    public void State_OfMessagesThatNobodyTakesAlthoughReceiversWait_IsFailingWhenOneFails()
    {
        QueueStatistics statistics = new() { Ready = 51, RecentTime = Recent, Recent = new QueueCounters { Received = 100, Abandoned = 1 } };

        Assert.Equal(QueueHealth.Failing, Of(statistics, waiting: 1));
        Assert.Equal(QueueHealth.Ok, Of(statistics));
    }

    [Fact]
    public void State_OfADamagedPartition_ComesBeforeAllElse() =>
        Assert.Equal(QueueHealth.Damaged, Of(new QueueStatistics { DamagedPartitions = 1, Ready = 1, OldestReadyAge = TimeSpan.FromHours(1) }, isPaused: true));

    [Fact]
    public void State_OfAPausedQueue_IsPausedAndNotStuck() =>
        Assert.Equal(QueueHealth.Paused, Of(new QueueStatistics { Ready = 1, OldestReadyAge = TimeSpan.FromHours(1) }, isPaused: true));

    private static QueueHealth Of(QueueStatistics statistics, bool isPaused = false, int waiting = 0) => QueueStates.Of(
        [Definition() with { IsPaused = isPaused }],
        TestReports.Reading(("a", TestReports.Of("a") with { Queues = [Report(8, statistics, waiting)] }))).Queues[0].State;

    private static QueueDefinition Definition(string name = "orders") => new(name, 8, new QueueOptions());

    private static QueueReport Report(int partitions, QueueStatistics statistics, int waiting) => new("orders", partitions, statistics, waiting);
}
