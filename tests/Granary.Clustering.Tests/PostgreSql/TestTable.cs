using System.Net;
using Granary.Clustering.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime.Membership;
using Orleans.Runtime.MembershipService;

namespace Granary.Clustering.Tests.PostgreSql;

/// <summary>A membership table as a silo has it: Orleans' provider over the tables of this project.</summary>
internal sealed class TestTable : IAsyncDisposable
{
    // Whole milliseconds, so that nothing is lost on the way; any time will do.
    public static readonly DateTime Start = new(2026, 3, 1, 12, 0, 0, 250, DateTimeKind.Utc);

    private readonly ClusterStore _store;

    private TestTable(string connection, string cluster)
    {
        _store = new ClusterStore(connection);
        Members = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = cluster }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", DataSource = _store.DataSource }),
            NullLogger<AdoNetClusteringTable>.Instance);
        Gateways = new AdoNetGatewayListProvider(
            NullLogger<AdoNetGatewayListProvider>.Instance,
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new AdoNetClusteringClientOptions { Invariant = "Npgsql", DataSource = _store.DataSource }),
            Options.Create(new GatewayOptions()),
            Options.Create(new ClusterOptions { ClusterId = cluster }));
    }

    public IMembershipTable Members { get; }

    public IGatewayListProvider Gateways { get; }

    public static async Task<TestTable> OpenAsync(string connection, string cluster = "granary")
    {
        var table = new TestTable(connection, cluster);
        await new StoreSchema(table._store).ApplyAsync(CancellationToken.None);
        await table.Members.InitializeMembershipTableAsync(tryInitTableVersion: true);
        await table.Gateways.InitializeGatewayListProviderAsync();
        return table;
    }

    /// <summary>A member as a silo adds itself.</summary>
    public static MembershipEntry Entry(int port, SiloStatus status = SiloStatus.Active, int gatewayPort = 30000) => new()
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), 7),
        SiloName = $"silo-{port}",
        HostName = "host",
        Status = status,
        ProxyPort = gatewayPort,
        StartTime = Start,
        IAmAliveTime = Start.AddSeconds(1),
    };

    /// <summary>Adds a member to the table as it is.</summary>
    public async Task<bool> InsertAsync(MembershipEntry entry)
    {
        MembershipTableData now = await Members.ReadAllAsync();
        return await Members.InsertRowAsync(entry, now.Version.Next());
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
