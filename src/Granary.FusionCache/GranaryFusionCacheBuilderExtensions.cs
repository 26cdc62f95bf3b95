using Granary;
using Granary.Broadcasts;
using Granary.Client;
using Granary.FusionCache;
using Microsoft.Extensions.Logging;
using ZiggyCreatures.Caching.Fusion;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What a FusionCache takes from Granary. It needs <c>AddGranaryClient</c>.</summary>
public static class GranaryFusionCacheBuilderExtensions
{
    // That of the cache's own get or create: how long others wait after the death of a process that makes a value.
    private static readonly TimeSpan LockLifetime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Has the processes that have this cache tell each other what they change, so that each renews what it keeps in memory.
    /// </summary>
    /// <param name="builder">The cache's.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// A change is told at most once, to the processes that listen then: one that is cut off, or over 4,096 changes behind, or that
    /// listens while the silo dies which has the messages, misses some, and keeps what it has for its duration. A change that
    /// could not be told FusionCache tells later, by its auto-recovery.
    /// </remarks>
    public static IFusionCacheBuilder WithGranaryBackplane(this IFusionCacheBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithBackplane(static provider =>
        {
            var grains = provider.GetRequiredService<IGrainFactory>();
            return new GranaryBackplane(
                channel => grains.GetGrain<IBroadcastGrain>(channel),
                provider.GetService<IGatewaySource>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<GranaryBackplane>>());
        });
    }

    /// <summary>
    /// Has one process of all run the factory of a key, by a lease, while the others wait for
    /// <see cref="FusionCacheEntryOptions.DistributedLockTimeout"/>, or <see cref="FusionCacheEntryOptions.LockTimeout"/>.
    /// </summary>
    /// <param name="builder">The cache's.</param>
    /// <param name="options">The lease's. Default: a lifetime of 10 s, which others wait after a process has died.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IFusionCacheBuilder WithGranaryDistributedLocker(
        this IFusionCacheBuilder builder, LeaseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithDistributedLocker(provider => new GranaryDistributedLocker(
            provider.GetRequiredService<IGranaryLeases>(),
            options ?? new LeaseOptions { Lifetime = LockLifetime },
            provider.GetRequiredService<TimeProvider>()));
    }
}
