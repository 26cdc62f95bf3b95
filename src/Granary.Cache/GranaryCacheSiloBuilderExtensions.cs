using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Placement;
using Granary.Cache.Reports;
using Granary.Cache.Routing;
using Granary.Cache.Saving;
using Granary.Cache.Services;
using Granary.Cache.Shards;
using Granary.Cache.Watching;
using Granary.Store;
using Granary.Store.Entries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Granary.Cache;

/// <summary>Adds the cache to a silo.</summary>
public static class GranaryCacheSiloBuilderExtensions
{
    // Detection of a death (by the membership's own settings) plus this is how long a dead silo's shards are silent.
    // Terms fence a double activation, so it may be short.
    private static readonly TimeSpan DirectoryLease = TimeSpan.FromSeconds(2);

    /// <summary>Adds the cache: shard grains, their store, placement by the cluster map, and the batch end point.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets options; they are validated at start.</param>
    public static ISiloBuilder AddGranaryCache(this ISiloBuilder silo, Action<CacheOptions>? configure = null)
    {
        IServiceCollection services = silo.Services;
        services.AddOptions<CacheOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => CreateStore(
            provider.GetRequiredService<IOptions<CacheOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ShardRegistry(
            provider.GetRequiredService<CacheStore>(),
            provider.GetRequiredService<ILocalSiloDetails>().SiloAddress,
            provider.GetRequiredService<IOptions<CacheOptions>>().Value.Replicas == ReplicaMode.Sync,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new OutgoingCopies(
            provider.GetRequiredService<ShardRegistry>(),
            provider.GetRequiredService<IOptions<CacheOptions>>().Value.Replicas,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CopyLinks>();
        services.AddSingleton<MoveRehearsals>();
        services.AddSingleton<ShardOpener>();
        AddRouting(services);
        services.AddSingleton(provider => new ChangeWaits(
            provider.GetRequiredService<ShardRegistry>(),
            provider.GetRequiredService<CopyLinks>().Wake,
            provider.GetRequiredService<OperationTimes>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SiloDirectory>();
        services.AddSingleton<ISiloServices, CacheSiloServiceClient>();
        services.AddSingleton(provider => new LocalCache(
            provider.GetRequiredService<ShardRegistry>(),
            provider.GetRequiredService<CacheRouter>(),
            provider.GetRequiredService<ClusterView>(),
            provider.GetRequiredService<PagedValues>(),
            provider.GetRequiredService<ClusterFlush>(),
            provider.GetRequiredService<ClusterDrop>(),
            provider.GetRequiredService<ChangeWaits>(),
            provider.GetRequiredService<OutgoingCopies>(),
            provider.GetRequiredService<ServingLease>(),
            provider.GetRequiredService<Readiness>(),
            provider.GetRequiredService<PeerReach>(),
            provider.GetRequiredService<ClockComparison>(),
            provider.GetRequiredService<OperationTimes>(),
            provider.GetRequiredService<TimeProvider>(), HotReadsOf(provider)));
        services.AddSingleton<ServingLease>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<PeerReach>();
        services.AddSingleton(provider => new ClockComparison(
            provider.GetRequiredService<CacheStore>(),
            silo => provider.GetRequiredService<ClusterView>().Current.IsMember(silo),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClockComparison>>()));
        services.AddSingleton<ClusterView>();
        services.AddSingleton<IClusterMembers, ClusterMembers>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<ShardKeeper>();
        services.AddHostedService<CacheBackgroundService>();
        services.AddHostedService<CacheMeter>();
        AddReports(services);
        services.AddSingleton<ShardSaver>();
        services.AddHostedService<SiloDeparture>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, JoinCheck>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SavedShards>();
        services.AddPlacementDirector<ShardPlacement, ShardPlacementDirector>();
        silo.AddGrainService<CacheSiloService>();

        // The default directory deactivates shards on healthy silos whenever any silo leaves.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        services.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = DirectoryLease);
        return silo;
    }

    private static void AddRouting(IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var locator = new ShardLocator(provider.GetRequiredService<ShardRegistry>());
            provider.GetRequiredService<ClusterView>().Changed += locator.Follow;
            return locator;
        });
        services.AddSingleton<HotReads>();
        services.AddSingleton(provider => new CacheRouter(
            provider.GetRequiredService<ClusterView>(),
            provider.GetRequiredService<ShardRegistry>(),
            provider.GetRequiredService<ShardLocator>(),
            provider.GetRequiredService<PeerReach>(),
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<OperationTimes>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CacheRouter>>(),
            HotReadsOf(provider)));
        services.AddSingleton<BatchExecutor>();
        services.AddSingleton<KeyScans>();
        services.AddSingleton<InProcessService>();
        services.AddSingleton<ISiloCluster, SiloCluster>();
        services.AddSingleton<AllShards>();
        services.AddSingleton<ClusterFlush>();
        services.AddSingleton<LocalDrops>();
        services.AddSingleton<ClusterDrop>();
        services.AddSingleton<ChangeReader>();
        services.AddSingleton<TransferTable>();
        services.AddSingleton<PagedValues>();
    }

    private static void AddReports(IServiceCollection services)
    {
        services.AddSingleton<OperationTimes>();
        services.AddSingleton<CacheCounts>();
        services.AddSingleton<ClusterEvents>();
        services.AddSingleton<History>();
        services.AddHostedService(static provider => provider.GetRequiredService<History>());
        services.AddSingleton<SiloReporter>();
    }

    private static HotReads? HotReadsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<CacheOptions>>().Value.HotCopies ? provider.GetRequiredService<HotReads>() : null;

    private static CacheStore CreateStore(CacheOptions options, TimeProvider time) => new(
        new StoreOptions
        {
            MemoryLimitBytes = options.MemoryLimitBytes,
            Eviction = options.Eviction,
            MaxValueBytes = options.MaxValueBytes,
            ShardCount = options.ShardCount,
            Namespaces = options.Namespaces,
        },
        time);
}
