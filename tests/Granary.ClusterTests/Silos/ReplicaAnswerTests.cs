using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>With --replicas 1 a change is answered when the copy has it, however long its value is.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ReplicaAnswerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Longer than an answer takes that waits for nobody, and shorter than it takes to be declared dead.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)] // one page
    [InlineData(700_000)] // two
    public async Task Set_WhileItsReplicaIsSilent_IsNotAnsweredAsync(int valueBytes)
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 2, "64MiB", "--replicas", "1");
        await cluster.WaitForSumAsync("granary_shards_protected", 256, Deadline);
        string key = SiloKeys.Of(cluster.Primary, cluster.Silos, 1)[0];
        string value = new('x', valueBytes);
        using MemcachedConnection writing = await MemcachedConnection.OpenAsync(cluster.Primary.Memcached);
        using MemcachedConnection reading = await MemcachedConnection.OpenAsync(cluster.Primary.Memcached);

        cluster.Silos[1].Pause();
        Task<string> answer = writing.SetAsync(key, value);
        while (await reading.GetAsync(key) is null)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken); // it is done, and not answered
        }

        await Task.WhenAny(answer, Task.Delay(Moment, TestContext.Current.CancellationToken));
        bool isAnswered = answer.IsCompleted;
        cluster.Silos[1].Resume();

        Assert.False(isAnswered, "It was answered while only one silo had it.");
        Assert.Equal("STORED", await answer);
        Assert.Equal(value, await reading.GetAsync(key));
    }
}
