using System.Net;
using Granary.Client.Connecting;
using Granary.Client.Routing;
using Granary.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Doubles;

/// <summary>A client of silos that are objects in this process.</summary>
internal sealed class FakeCluster : IClusterAccess, IDisposable
{
    public const int ShardCount = 16;
    private readonly Router _router;

    public FakeCluster(
        int silos = 1,
        Action<GranaryClientOptions>? configure = null,
        FakeTimeProvider? time = null,
        RealOwner? owner = null)
    {
        Store = new FakeStore(owner);
        Time = time ?? new PausingTimeProvider();
        Silos = [.. Enumerable.Range(0, silos).Select(_ => new FakeSilo(Store))];
        var options = new GranaryClientOptions();
        configure?.Invoke(options);
        Map = MapOf(1, Silos);
        Gateways = new GatewayList(SeedList.Parse("127.0.0.1:30000"), Time);
        Maps = new MapSource(this, NullLogger<MapSource>.Instance);
        _router = new Router(this, Maps, Options.Create(options), Time, NullLogger<Router>.Instance);
        RawCache = new GranaryCache(_router, this, Options.Create(options), Time, NullLogger<GranaryCache>.Instance);
    }

    public FakeStore Store { get; }

    public FakeTimeProvider Time { get; }

    public FakeSilo[] Silos { get; }

    public FakeSilo Silo => Silos[0];

    public ServedMap Map { get; set; }

    public GatewayList Gateways { get; }

    public MapSource Maps { get; }

    public Router Router => _router;

    public Func<Task>? BeforeMap { get; set; }

    public int MapFetches { get; private set; }

    public Func<int, ServedSilo>? Locate { get; set; }

    public Func<int, ScanRequest, ScanReply>? Scan { get; set; }

    public Func<ulong[], ValueTask>? DropTags { get; set; }

    public Func<string, ValueTask<bool>>? DropNamespace { get; set; }

    public IGranaryCache Cache => RawCache;

    public GranaryCache RawCache { get; }

    public static ServedMap MapOf(long version, IReadOnlyList<FakeSilo> silos, params int[] draining) => new()
    {
        ViewVersion = version,
        ShardCount = ShardCount,
        MaxValueBytes = 8 << 20,
        Silos = [.. silos.Select((silo, index) => Serve(silo, index, draining.Contains(index)))],
    };

    public static ServedSilo Serve(FakeSilo silo, int index, bool draining = false) => new()
    {
        Name = $"silo-{index}",
        Address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111 + index), 1),
        Gateway = new IPEndPoint(IPAddress.Loopback, 30000 + index),
        Draining = draining,
        Service = silo,
    };

    /// <summary>Has the map fetched, so that later calls go straight to their links.</summary>
    public async Task<FakeCluster> ConnectedAsync()
    {
        await Cache.GetAsync<string>("connect");
        foreach (FakeSilo silo in Silos)
        {
            silo.Reset();
        }

        return this;
    }

    /// <summary>Has the client take the map as it is now.</summary>
    public async Task SettledAsync()
    {
        await Maps.RefreshAsync(); // may join one that began before
        await Maps.RefreshAsync();
    }

    public async ValueTask<ServedMap> GetMapAsync()
    {
        MapFetches++;
        if (BeforeMap is { } before)
        {
            await before();
        }

        return Map;
    }

    public ValueTask<ServedSilo> LocateAsync(int shard) => new(Locate!(shard));

    public ValueTask<ScanReply> ScanAsync(int shard, ScanRequest request) => new(Scan!(shard, request));

    public ValueTask DropTagsAsync(ulong[] tags) => DropTags!(tags);

    public ValueTask<bool> DropNamespaceAsync(string name) => DropNamespace!(name);

    public void Taken(ServedMap map) => Gateways.Update(map);

    public void NotFetched() => Gateways.MarkStale();

    public void Dispose() => _router.Dispose();
}
