using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Store.Saving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Saving;

/// <summary>Saves the shards of a silo that leaves and has nobody to give them to.</summary>
internal sealed class ShardSaver(
    ShardRegistry registry,
    ClusterView view,
    IClusterMembershipService membership,
    ServingLease lease,
    IOptions<CacheOptions> options,
    TimeProvider time,
    ILogger<ShardSaver> logger)
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(5);

    // Others that leave as well might serve a shard once more after it was saved here.
    private bool IsLast => membership.CurrentSnapshot.Members.Values
        .All(member => member.Status != SiloStatus.Active || member.SiloAddress.Equals(view.Self));

    // Orleans knows of a silo that has joined a moment before the view does.
    private bool IsViewBehind => membership.CurrentSnapshot.Members.Values
        .Any(member => member.Status == SiloStatus.Active && !view.Current.IsMember(member.SiloAddress));

    /// <summary>Saves, if that is wanted; what goes wrong is logged.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns><see langword="false"/> if another silo has joined meanwhile, and takes the shards.</returns>
    public async Task<bool> TrySaveAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (IsViewBehind)
        {
            return false;
        }

        if (options.Value.SaveFile is not { } path || !IsLast)
        {
            logger.NobodyTakesOver(registry.OpenCount);
            return true;
        }

        if (!lease.Check())
        {
            logger.SavingFailed(path, "this silo was stopped for a while, and others may have served since.");
            return true;
        }

        // Sealed before the first is saved: an answer to a change of what was saved already would be a lie.
        var file = new SaveFile(path);
        long bytes = registry.Store.GetStatistics().EntryBytes;
        (int Shard, long Term)[] shards = SealAll();
        logger.Saving(shards.Length, bytes, path);
        if (await SaveAsync(file, [.. shards.Select(static shard => shard.Shard)], bytes, patience, cancellationToken))
        {
            return true;
        }

        logger.SavingEnded(path);
        foreach ((int shard, long term) in shards)
        {
            registry[shard].TryUnseal(term);
        }

        return false;
    }

    private (int Shard, long Term)[] SealAll() =>
    [
        .. Enumerable.Range(0, registry.ShardCount)
            .Select(shard => (Shard: shard, Term: registry[shard].ServedTerm))
            .Where(shard => shard.Term != 0 && registry[shard.Shard].TrySeal(shard.Term)),
    ];

    private async Task<bool> SaveAsync(
        SaveFile file, int[] shards, long bytes, TimeSpan patience, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        using var late = new CancellationTokenSource(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // It does not await: not on the host's thread.
            long entries = await Task.Run(() => file.Write(stream => Write(stream, shards, bytes, end)), CancellationToken.None);
            if (entries >= 0 && IsLast)
            {
                file.Commit();
                logger.Saved(entries, file.Bytes, file.Path, time.GetElapsedTime(began).TotalSeconds);
                return true;
            }

            file.Discard();
            if (IsLast)
            {
                logger.SavingFailed(file.Path, "another silo, which has gone again, took shards meanwhile.");
            }
        }
        catch (OperationCanceledException)
        {
            if (IsLast)
            {
                logger.SavingTookTooLong(file.Path, time.GetElapsedTime(began).TotalSeconds);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.SavingFailed(file.Path, exception.Message);
        }

        return IsLast;
    }

    private long Write(Stream stream, int[] shards, long bytes, CancellationTokenSource end)
    {
        long reported = time.GetTimestamp();
        return SavedStore.Write(
            registry.Store, shards, SaveOrigin.Of(membership.CurrentSnapshot), stream, OnProgress, end.Token);

        void OnProgress(long written)
        {
            if (!IsLast)
            {
                end.Cancel();
            }

            if (time.GetElapsedTime(reported) > ProgressPeriod)
            {
                reported = time.GetTimestamp();
                logger.SavingGoesOn(written, bytes, Path.GetFileName(options.Value.SaveFile!));
            }
        }
    }
}
