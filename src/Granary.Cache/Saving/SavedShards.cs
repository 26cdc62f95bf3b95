using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Store.Saving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Saving;

// What was saved is held as a parked copy of term 0, below all at which anybody has ever served: the way in which a shard
// is opened (ShardSlot) takes it exactly if no silo has anything newer. So a second silo that starts at the same moment
// does no harm. The file is gone before this silo is active: whatever happens later, it is not loaded again.

/// <summary>Loads what a silo has saved at its stop, before the next one joins, if it is the first of its cluster.</summary>
internal sealed class SavedShards(
    ShardRegistry registry,
    ClusterView view,
    IClusterMembershipService membership,
    IOptions<CacheOptions> options,
    TimeProvider time,
    ILogger<SavedShards> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(5);

    private bool _isHeld;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle)
    {
        if (options.Value.SaveFile is { } path)
        {
            // After JoinCheck, which may refuse the start, and before anybody sends this silo anything.
            lifecycle.Subscribe(
                nameof(SavedShards),
                ServiceLifecycleStage.BecomeActive - 1,
                token => Task.Run(() => Start(new SaveFile(path), token), token)); // it does not await
        }
    }

    private void Start(SaveFile file, CancellationToken cancellationToken)
    {
        try
        {
            file.Discard();
            if (file.Exists)
            {
                Take(file, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GranaryException(
                $"'{file.Path}' can neither be deleted nor renamed, and would bring old values back at a later start: "
                + exception.Message,
                exception);
        }
    }

    private void Take(SaveFile file, CancellationToken cancellationToken)
    {
        if (HasOthers(membership.CurrentSnapshot.Members.Values
            .Where(static member => member.Status == SiloStatus.Active)
            .Select(static member => member.SiloAddress)))
        {
            logger.ClusterIsNewer(file.Path);
            file.Consume();
            return;
        }

        long began = time.GetTimestamp();
        long bytes = file.Bytes;
        LoadResult? result = TryLoad(file, bytes, cancellationToken);
        switch (result?.Outcome)
        {
            case LoadOutcome.Loaded:
                file.Consume();
                Hold();
                logger.Loaded(
                    result.Value.Entries, result.Value.SavedEntries, file.Path, time.GetElapsedTime(began).TotalSeconds);
                break;
            case LoadOutcome.Used:
                file.Consume();
                break;
            case null:
                logger.ClusterWentOn(file.Path);
                file.Consume();
                break;
            case { } outcome:
                string reason = outcome == LoadOutcome.UnknownVersion ? "of another version" : "damaged";
                logger.NotLoaded(file.Path, reason, file.SetAside());
                break;
        }
    }

    // Null: the cluster has had other silos since it was saved.
    private LoadResult? TryLoad(SaveFile file, long bytes, CancellationToken cancellationToken)
    {
        try
        {
            using FileStream stream = file.OpenRead();
            if (SavedStore.ReadHeader(stream, out LoadOutcome outcome) is not { } header)
            {
                return new LoadResult(outcome, 0, 0);
            }

            if (SaveOrigin.HasOthersSince(header.Origin, membership.CurrentSnapshot, view.Self))
            {
                return null;
            }

            logger.Loading(bytes, file.Path, DateTimeOffset.FromUnixTimeMilliseconds(header.SavedAtUnixMilliseconds));
            return Load(header, stream, bytes, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LoadingFailed(file.Path, exception.Message);
            return new LoadResult(LoadOutcome.Damaged, 0, 0);
        }
    }

    private LoadResult Load(SavedHeader header, Stream stream, long bytes, CancellationToken cancellationToken)
    {
        long reported = time.GetTimestamp();
        return SavedStore.Load(
            registry.Store,
            header,
            stream,
            key => ShardHash.ShardOf(key, registry.ShardCount),
            OnProgress,
            cancellationToken);

        void OnProgress(long read)
        {
            if (time.GetElapsedTime(reported) > ProgressPeriod)
            {
                reported = time.GetTimestamp();
                logger.LoadingGoesOn(read, bytes);
            }
        }
    }

    private void Hold()
    {
        for (int shard = 0; shard < registry.ShardCount; shard++)
        {
            registry[shard].HoldSaved();
        }

        _isHeld = true;
        view.Changed += OnViewChanged;
    }

    // Who became active while this silo was loading has told nobody of the shards that it serves.
    private void OnViewChanged(ViewSnapshot current)
    {
        if (!_isHeld || !current.IsMember(view.Self))
        {
            return;
        }

        _isHeld = false;
        if (HasOthers(current.Members))
        {
            logger.SavedIsDropped();
            for (int shard = 0; shard < registry.ShardCount; shard++)
            {
                registry[shard].DropSaved();
            }
        }
    }

    // A member of the same endpoint is this silo's predecessor, which Orleans is about to declare dead.
    private bool HasOthers(IEnumerable<SiloAddress> silos) => silos.Any(silo => !silo.Endpoint.Equals(view.Self.Endpoint));
}
