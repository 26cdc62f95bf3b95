using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>A cluster whose membership is in PostgreSQL: no silo is special, and the database may be gone for a while.</summary>
[Collection(ProcessCollection.Name)]
public sealed class StoreTests
{
    [Fact]
    public async Task Silos_WithAClusterStore_AnswerForAnyKeyAsync()
    {
        await using PostgreSqlProcess postgres = await PostgreSqlProcess.StartNewAsync();
        await using SiloCluster cluster = await SiloCluster.StartWithStoreAsync(
            postgres.ConnectionString, siloCount: 3, "64MiB");

        // Starting has written and read through every pair of silos.
        foreach (SiloProcess silo in cluster.Silos)
        {
            using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
            Assert.Equal("STORED", await connection.SetAsync("key", silo.Name));
            Assert.Equal(0, await silo.TerminateAsync());
            Assert.DoesNotContain(PostgreSqlProcess.Password, silo.Output.ToString(), StringComparison.Ordinal);
        }
    }
}
