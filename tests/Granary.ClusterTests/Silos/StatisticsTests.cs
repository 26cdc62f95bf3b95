using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>What "stats" tells beyond memcached's own numbers.</summary>
[Collection(ProcessCollection.Name)]
public sealed class StatisticsTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task Stats_OfASiloThatIsAlone_SayThatNoClockDiffersAsync() =>
        Assert.Equal(0, await silo.StatisticAsync("granary_clock_skew_ms"));
}
