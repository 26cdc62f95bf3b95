using Granary.Administration.State;
using Granary.Reports;

namespace Granary.Administration.Tests.State;

public sealed class ClusterStatesTests
{
    [Fact]
    public void Rates_AreDifferencesOfTheLastTwoReadings_AndPercentilesSinceTheFirst()
    {
        SiloReport first = TestReports.Of("a", 100) with { LocalLatency = Latency(TimeSpan.FromSeconds(1), 50) };
        SiloReport second = TestReports.Of("a", 108) with
        {
            Counters = new CacheCounters { Hits = 5_000 },
            LocalLatency = first.LocalLatency,
        };
        SiloReport third = TestReports.Of("a", 110) with
        {
            Counters = new CacheCounters { Hits = 6_000, Misses = 500, Stores = 10, Evictions = 2 },
            ProcessorTime = TimeSpan.FromSeconds(1),
            LocalLatency = Latency(TimeSpan.FromSeconds(1), 50, TimeSpan.FromMilliseconds(1), 100),
        };

        SiloState state = ClusterStates.Of(
            [TestReports.Reading(("a", first)), TestReports.Reading(("a", second)), TestReports.Reading(("a", third))]).Silos[0];

        Assert.Equal(new CacheRates(750, 500, 250, 5, 0, 1, 0, 0), state.Rates);
        Assert.Equal(0.5, state.CpuCores);
        Assert.Equal(100, state.Latency!.Local.Count); // what was before the first reading is not of these seconds
        Assert.InRange(state.Latency.Local.P99!.Value, 1, 1.125);
        Assert.Equal(0, state.Latency.Forwarded.Count);
        Assert.Null(state.Latency.Forwarded.P50);
    }

    [Fact]
    public void Rates_OfOneReading_AreNotKnown()
    {
        SiloState state = ClusterStates.Of([TestReports.Reading(("a", TestReports.Of("a")))]).Silos[0];

        Assert.Equal(SiloStateKind.Active, state.State);
        Assert.Null(state.Rates);
        Assert.Null(state.CpuCores);
        Assert.Null(state.Latency);
    }

    [Fact]
    public void Silo_ThatDoesNotAnswer_IsSilentAndItsShardsAreNobodys()
    {
        int[] shards = TestReports.ShardsOf("a", "a", "b");

        ClusterState state = ClusterStates.Of([TestReports.Reading(("a", TestReports.Of("a", 100, shards)), ("b", null))]);

        Assert.Equal(SiloStateKind.Silent, state.Silos[1].State);
        Assert.Null(state.Silos[1].UsedBytes);
        Assert.All(shards, shard => Assert.Equal(0, state.Shards.ServedBy[shard]));
        int[] others = [.. Enumerable.Range(0, TestReports.ShardCount).Except(shards)];
        Assert.NotEmpty(others);
        Assert.All(others, shard => Assert.Equal(-1, state.Shards.ServedBy[shard]));
        Assert.All(others, shard => Assert.Equal(1, state.Shards.WantedBy[shard]));
    }

    [Fact]
    public void HotKeys_OfAllSilos_AreByUseAndHaveTheirShareOfTheCluster()
    {
        SiloReport a = TestReports.Of("a") with { HotKeys = [new HotKey("warm"u8.ToArray(), 1, 90, 10)], SampledOperationsPerSecond = 600 };
        SiloReport b = TestReports.Of("b") with { HotKeys = [new HotKey([0xff, 0x00], 2, 200, 0)], SampledOperationsPerSecond = 400 };

        IReadOnlyList<HotKeyState> keys = ClusterStates.Of([TestReports.Reading(("a", a), ("b", b))]).HotKeys;

        Assert.Equal(
            [new HotKeyState("/wA=", true, 2, "b", 200, 0, 0.2), new HotKeyState("warm", false, 1, "a", 90, 10, 0.1)], keys);
    }

    [Fact]
    public void Happened_OfWhatSeveralSilosSaw_TellsItOnce()
    {
        ClusterEvent[] Seen(double lag) =>
        [
            new(TestReports.Start + TimeSpan.FromSeconds(60 + lag), ClusterEventKind.Lost, "c"),
            new(TestReports.Start + TimeSpan.FromSeconds(lag), ClusterEventKind.Joined, "c"),
        ];
        SiloReport a = TestReports.Of("a") with { Events = Seen(0) };
        SiloReport b = TestReports.Of("b") with { Events = Seen(2) };

        IReadOnlyList<HappenedState> happened = ClusterStates.Of([TestReports.Reading(("a", a), ("b", b))]).Happened;

        Assert.Equal([ClusterEventKind.Lost, ClusterEventKind.Joined], happened.Select(static one => one.Kind));
        Assert.Equal(TestReports.Start.ToUnixTimeMilliseconds(), happened[1].At);
    }

    private static long[] Latency(TimeSpan duration, long count, TimeSpan other = default, long otherCount = 0)
    {
        long[] counts = new long[LatencyBuckets.Count];
        counts[LatencyBuckets.IndexOf(duration)] += count;
        counts[LatencyBuckets.IndexOf(other)] += otherCount;
        return counts;
    }
}
