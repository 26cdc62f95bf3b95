using System.Diagnostics;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Faults;

/// <summary>A key that is hot on one silo is answered by all, within what <c>--hot-copies</c> promises.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HotCopyTests(ITestOutputHelper output)
{
    private const string Hits = "granary_hot_copy_hits";

    // What the README promises.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    // Until another silo has the shard, and some time more.
    private static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task HotKey_IsAnsweredByAllSilos_AndIsNeverOlderThanPromised_AlsoWhenItsOwnerDiesAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 3, "64MiB", "--hot-copies", "true");
        SiloProcess owner = cluster.Silos[^1];
        string key = SiloKeys.Of(owner, cluster.Silos, 1)[0];

        int next;
        await using (var all = new HotKeyRounds([.. cluster.Silos], key, Bound))
        {
            await Task.Delay(Duration, TestContext.Current.CancellationToken);
            await all.AssertAsync(output);
            long hits = await cluster.ReadSumAsync(Hits);
            output.WriteLine($"{hits} reads were answered by copies.");
            Assert.True(hits > all.Reads / 10, $"{hits} of {all.Reads} reads were answered by copies.");
            next = all.Next;
        }

        await using var others = new HotKeyRounds([.. cluster.Silos.SkipLast(1)], key, Bound, next);
        await Task.Delay(Bound, TestContext.Current.CancellationToken);
        int before = others.Next;
        owner.Kill();
        for (var clock = Stopwatch.StartNew(); others.Next < before + 20;)
        {
            Assert.True(clock.Elapsed < TakeOver, $"{others.Next - before} values were written. Silo 1:\n{cluster.Silos[1].Output}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await others.AssertAsync(output);
    }
}
