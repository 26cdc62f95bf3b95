using System.Net;
using System.Net.Sockets;
using Granary.Clustering.PostgreSql;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.Clustering.Tests.PostgreSql;

[Collection(PostgreSqlCollection.Name)]
public sealed class StoreStartTests(SharedPostgreSql postgres)
{
    [Fact]
    public async Task PrepareAsync_WhereNobodyListens_GivesUpAfterTheTimeoutAsync()
    {
        await using var store = new ClusterStore($"Host=127.0.0.1;Port={UnusedPort()};Password=secret");

        GranaryException error = await Assert.ThrowsAsync<GranaryException>(() => PrepareAsync(store, TimeSpan.Zero));

        Assert.Contains("--cluster-store", error.Message, StringComparison.Ordinal);
        Assert.Contains("does not answer after 0 s", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrepareAsync_OfADatabaseThatIsNotThere_IsRefusedAtOnceAsync()
    {
        string connection = await postgres.CreateDatabaseAsync();
        await using var store = new ClusterStore($"{connection};Database=absent");

        GranaryException error = await Assert.ThrowsAsync<GranaryException>(() => PrepareAsync(store, TimeSpan.FromDays(1)));

        Assert.Contains("--cluster-store", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"absent\" does not exist", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgreSqlProcess.Password, error.ToString(), StringComparison.Ordinal);
    }

    private static Task PrepareAsync(ClusterStore store, TimeSpan timeout) =>
        new StoreStart(store, new StoreSchema(store), timeout, TimeProvider.System, NullLogger<StoreStart>.Instance)
            .PrepareAsync(CancellationToken.None);

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
