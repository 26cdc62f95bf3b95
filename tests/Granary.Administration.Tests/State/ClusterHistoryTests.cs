using Granary.Administration.State;
using Granary.Reports;

namespace Granary.Administration.Tests.State;

public sealed class ClusterHistoryTests
{
    [Fact]
    public void History_OfSilosThatNoteAtDifferentMoments_IsTheirSumByStep()
    {
        SiloReport a = TestReports.Of("a") with { History = [Sample(0, 0), Sample(10, 1_000), Sample(20, 3_000)] };
        SiloReport b = TestReports.Of("b") with { History = [Sample(14, 0), Sample(24, 500)] };

        ClusterHistory history = ClusterHistory.Of(TestReports.Reading(("a", a), ("b", b)));

        Assert.Equal(
            [At(10), At(20)], history.Times);
        Assert.Equal([100, 250], history.Hits);
        Assert.Equal([100, 200], history.UsedBytes);
        Assert.Equal([null, 50], history.Silos["b"].Operations);
        Assert.Equal([100, 100], history.Silos["a"].UsedBytes);
    }

    [Fact]
    public void History_WhileNotAllHaveNotedTheNewestStep_EndsBeforeIt()
    {
        SiloReport a = TestReports.Of("a") with { History = [Sample(0, 0), Sample(10, 1_000), Sample(20, 2_000)] };
        SiloReport b = TestReports.Of("b") with { History = [Sample(5, 0), Sample(15, 1_000)] };

        ClusterHistory history = ClusterHistory.Of(TestReports.Reading(("a", a), ("b", b)));

        Assert.Equal([200], history.Hits);
    }

    [Fact]
    public void History_OfASiloWhoseMomentsAreAtTheEdgeOfAStep_HasItOnceInEach()
    {
        SiloReport a = TestReports.Of("a") with
        {
            History = [Sample(0, 0), Sample(9.999, 1_000), Sample(19.998, 2_000), Sample(30.001, 3_000)],
        };

        ClusterHistory history = ClusterHistory.Of(TestReports.Reading(("a", a)));

        Assert.Equal([100, 100, 100], history.Hits.Select(static hits => Math.Round(hits!.Value)));
    }

    [Fact]
    public void History_OfASiloWhoseClockWasSetBack_HasNoAbsurdRate()
    {
        SiloReport a = TestReports.Of("a") with { History = [Sample(100, 0), Sample(40, 1_000)] };

        ClusterHistory history = ClusterHistory.Of(TestReports.Reading(("a", a)));

        Assert.Equal([200], history.Hits); // at most as if it had been half a step
    }

    [Fact]
    public void History_OfASiloThatWasStartedAgain_HasNoNegativeRate()
    {
        SiloReport a = TestReports.Of("a") with { History = [Sample(0, 9_000), Sample(10, 100)] };

        ClusterHistory history = ClusterHistory.Of(TestReports.Reading(("a", a)));

        Assert.Equal([0], history.Hits);
    }

    [Fact]
    public void History_OfSilosThatHaveNone_IsEmpty() =>
        Assert.Empty(ClusterHistory.Of(TestReports.Reading(("a", TestReports.Of("a")), ("b", null))).Times);

    private static long At(int seconds) => (TestReports.Start + TimeSpan.FromSeconds(seconds)).ToUnixTimeMilliseconds();

    private static HistorySample Sample(double seconds, long hits) => new()
    {
        At = TestReports.Start + TimeSpan.FromSeconds(seconds),
        Counters = new CacheCounters { Hits = hits },
        UsedBytes = 100,
    };
}
