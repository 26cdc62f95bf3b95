using Granary.Cache.Membership;
using Granary.Cache.Routing;
using Granary.Cache.Shards;
using Granary.Shards;
using Granary.Store.Entries;
using Granary.Wire;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Granary.Cache.Services;

// A grain service is a system target: one scheduler runs its turns, one at a time. Executed there, all remote operations
// of the silo would share one core, so each call hands its work to the thread pool.
[Reentrant] // nothing here has state of its own
internal sealed class CacheSiloService(
    GrainId id,
    Silo silo,
    ILoggerFactory loggers,
    BatchExecutor executor,
    TransferTable transfers,
    ShardRegistry registry,
    SiloDirectory directory,
    ClusterView view) : GrainService(id, silo, loggers), ICacheSiloService
{
    public ValueTask<WireBytes> ExecuteAsync(WireBytes batch) =>
        new(Task.Run(() => executor.ExecuteAsync(batch).AsTask()));

    public ValueTask<PagedReadReply> OpenReadAsync(PagedReadRequest request) =>
        new(Task.Run(() => transfers.OpenRead(request)));

    public ValueTask<WireBytes> ReadPageAsync(long transfer, int offset) =>
        new(Task.Run(() => transfers.ReadPage(transfer, offset)));

    public ValueTask<PagedWriteReply> OpenWriteAsync(PagedWriteRequest request) =>
        new(Task.Run(() => transfers.OpenWriteAsync(request).AsTask()));

    public ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page) =>
        new(Task.Run(() => transfers.WritePageAsync(transfer, offset, page).AsTask()));

    public ValueTask CloseTransferAsync(long transfer)
    {
        transfers.Close(transfer);
        return default;
    }

    public ValueTask<int[]> FlushAsync(long atUnixMilliseconds) =>
        new(Task.Run(() => registry.Flush(atUnixMilliseconds)));

    public ValueTask<ShardInquiryReply> InquireAsync(ShardInquiry inquiry)
    {
        RefuseDead(inquiry.Asker);
        return new(new ShardInquiryReply(
            view.Current.MembershipVersion,
            [.. inquiry.Claims.Select(claim => registry[claim.Shard].Inquire(inquiry.Asker, claim.Term))]));
    }

    public ValueTask<ShardAnnouncementReply> AnnounceAsync(ShardAnnouncement announcement)
    {
        RefuseDead(announcement.Owner);
        return new(new ShardAnnouncementReply(
            view.Current.MembershipVersion,
            [.. announcement.Claims.Select(claim => registry[claim.Shard].Announce(announcement.Owner, claim.Term))]));
    }

    public ValueTask<CopyBatchReply> CopyAsync(CopyBatch batch) => new(Task.Run(() =>
    {
        RefuseDead(batch.Owner);
        return new CopyBatchReply([.. batch.Steps.Select(step => registry[step.Shard].Receive(batch.Owner, step))]);
    }));

    public ValueTask<SiloAddress[]> DrainAsync(SiloAddress silo)
    {
        view.SetDraining(silo);
        return new(view.Draining);
    }

    public ValueTask<SiloDescription> DescribeAsync() => new(directory.Self);

    public ValueTask<SiloStatistics> GetStatisticsAsync()
    {
        StoreStatistics store = registry.Store.GetStatistics();
        return new(new SiloStatistics
        {
            SiloName = directory.Self.Silo.Name,
            Shards = registry.OpenCount,
            Entries = store.Entries,
            EntryBytes = store.EntryBytes,
            UsedBytes = store.UsedBytes,
            BudgetBytes = store.BudgetBytes,
            Hits = store.Hits,
            Misses = store.Misses,
            Stores = store.Stores,
            Evictions = store.Evictions,
            Expirations = store.Expirations,
        });
    }

    // Those who have declared a silo dead have gone on without it, whatever it believes.
    private void RefuseDead(SiloAddress silo)
    {
        if (view.IsDead(silo))
        {
            throw new GranaryException($"Silo {silo} has been declared dead; it cannot serve any shard.");
        }
    }
}
