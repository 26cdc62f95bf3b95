using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Microsoft.Extensions.Hosting;

namespace Granary.Cache;

/// <summary>
/// What the cache does by itself: follows the membership, keeps this silo's lease, and keeps the shards. It begins before
/// the silo joins, because the others take it for a member, and send it shards, as soon as the membership says so; the
/// rest of the silo's start may take seconds from there.
/// </summary>
internal sealed class CacheBackgroundService(ClusterView view, LeaseKeeper lease, ShardKeeper shards)
    : BackgroundService, IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) =>
        base.StartAsync(CancellationToken.None); // a stop during the start does not end it: it is to hand over

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] running =
            [view.FollowAsync(stoppingToken), lease.KeepAsync(stoppingToken), shards.KeepAsync(stoppingToken)];
        Task first = await Task.WhenAny(running);
        if (first.IsFaulted)
        {
            await first; // ends the silo
        }

        await Task.WhenAll(running);
    }
}
