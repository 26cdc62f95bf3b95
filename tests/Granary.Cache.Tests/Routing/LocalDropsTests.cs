using Granary.Cache.Routing;
using Granary.Cache.Tests.Doubles;
using Granary.Store.Entries;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Routing;

public sealed class LocalDropsTests
{
    private const ulong Red = 7;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Drop_IsDoneInAllShards_AndAnswersForThoseThatAreServedAsync()
    {
        using TestSilo silo = await StartAsync(hasGates: false);
        Store(silo, 0);
        Store(silo, 1);
        silo.Store.Close(1);

        int[] done = await new LocalDrops(silo.Registry, silo.Waits).DropTagsAsync([99, Red]);

        Assert.Equal([0], done);
        silo.Store.Open(1);
        Assert.Equal((0, 0), (CountOf(silo, 0), CountOf(silo, 1)));
    }

    // If the owner crashed now, the replica would be served, with entries that were dropped.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Drop_IsAnsweredForAShardWithAReplica_WhenThatHasItAsync(bool isSafe)
    {
        using TestSilo silo = await StartAsync(hasGates: true);
        Store(silo, 0);
        silo.Registry[0].Gate.Require(silo.Store.ChangesOf(0));

        Task<int[]> dropping = new LocalDrops(silo.Registry, silo.Waits).DropTagsAsync([Red]).AsTask();

        Assert.False(dropping.IsCompleted);
        Assert.Equal(0, CountOf(silo, 0));
        if (isSafe)
        {
            silo.Registry[0].Gate.Require(silo.Store.ChangesOf(0));
        }
        else
        {
            silo.Registry[0].Gate.Fail();
        }

        int[] done = await dropping.WaitAsync(RemoteCall.Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(isSafe, done.Contains(0));
    }

    [Fact]
    public async Task DropPrefix_IsDoneInAllShards_AndAnsweredForWhenTheReplicasHaveItAsync()
    {
        using TestSilo silo = await StartAsync(hasGates: true);
        Store(silo, 0);
        Store(silo, 1);
        silo.Registry[0].Gate.Require(silo.Store.ChangesOf(0));

        Task<int[]> dropping = new LocalDrops(silo.Registry, silo.Waits).DropPrefixAsync("ke"u8.ToArray()).AsTask();

        Assert.False(dropping.IsCompleted);
        Assert.Equal((0, 0), (CountOf(silo, 0), CountOf(silo, 1)));
        silo.Registry[0].Gate.Fail();
        int[] done = await dropping.WaitAsync(RemoteCall.Deadline, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(0, done);
    }

    private static void Store(TestSilo silo, int shard) => Assert.Equal(
        StoreResult.Success,
        silo.Store.Put(shard, "key"u8, "value"u8, new PutOptions { Tags = new EntryTags(new[] { Red }) }, out _));

    // Of what can be read.
    private static int CountOf(TestSilo silo, int shard)
    {
        var keys = new List<byte[]>();
        var position = default(ScanPosition);
        Assert.Equal(StoreResult.Success, silo.Store.Scan(shard, default, ref position, 1000, keys));
        return keys.Count;
    }

    private async Task<TestSilo> StartAsync(bool hasGates)
    {
        var silo = new TestSilo(_time, hasGates: hasGates, shardCount: 2);
        await silo.SeeBothAsync();
        silo.Registry[0].OpenAlone();
        silo.Registry[1].OpenAlone();
        silo.Lease.Renew(_time.GetTimestamp());
        return silo;
    }
}
