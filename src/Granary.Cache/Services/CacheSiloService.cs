using Granary.Cache.Membership;
using Granary.Cache.Reports;
using Granary.Cache.Routing;
using Granary.Cache.Shards;
using Granary.Cache.Watching;
using Granary.Relaying;
using Granary.Reports;
using Granary.Shards;
using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Wire;
using Microsoft.Extensions.Hosting;
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
    PagedValues values,
    LocalDrops drops,
    ChangeReader changes,
    ShardRegistry registry,
    SiloDirectory directory,
    ClusterView view,
    PeerReach reach,
    ServingLease lease,
    ClockComparison clockComparison,
    SiloReporter reporter,
    ClusterEvents events,
    IHostApplicationLifetime lifetime,
    TimeProvider time) : GrainService(id, silo, loggers), ICacheSiloService
{
    private static readonly TimeSpan CatchUpTime = TimeSpan.FromSeconds(1); // below the inquiry's timeout

    public ValueTask<WireBytes> ExecuteAsync(WireBytes batch) =>
        new(Task.Run(() => executor.ExecuteAsync(batch).AsTask()));

    public ValueTask<PagedReadReply> OpenReadAsync(PagedReadRequest request) =>
        RunAsync(() => new ValueTask<PagedReadReply>(transfers.OpenRead(request)));

    public ValueTask<WireBytes> ReadPageAsync(long transfer, int offset) =>
        new(Task.Run(() => transfers.ReadPage(transfer, offset)));

    public ValueTask<PagedWriteReply> OpenWriteAsync(PagedWriteRequest request) =>
        RunAsync(() => transfers.OpenWriteAsync(request));

    public ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page) =>
        RunAsync(() => values.WritePageAsync(transfer, offset, page));

    public ValueTask CloseTransferAsync(long transfer)
    {
        transfers.Close(transfer);
        return default;
    }

    public ValueTask<int[]> FlushAsync(long atUnixMilliseconds)
    {
        events.Flushed();
        return new(Task.Run(() => registry.Flush(atUnixMilliseconds)));
    }

    public ValueTask<int[]> DropTagsAsync(ulong[] tags) => RunAsync(() => drops.DropTagsAsync(tags));

    public ValueTask<int[]> DropPrefixAsync(byte[] prefix) => RunAsync(() => drops.DropPrefixAsync(prefix));

    public ValueTask<WatchReply> WatchAsync(WatchRequest request) => new(Task.Run(() => changes.ReadAsync(request).AsTask()));

    public ValueTask<bool> ConfirmAsync(SiloAddress silo, ClockReading clocks)
    {
        clockComparison.Compare(silo, clocks);
        return new(view.Current.IsMember(silo) && !view.IsDead(silo));
    }

    public ValueTask<bool> HearsAsync(SiloAddress silo) => new(reach.Hears(silo));

    // Directly: one silo in between is enough, and keeps the way bounded.
    public ValueTask<object?> RelayAsync(SiloAddress target, RelayedCall call) =>
        new(Task.Run(() => call.InvokeAsync(view.DirectServiceOf(target)).AsTask()));

    public async ValueTask<ShardInquiryReply> InquireAsync(ShardInquiry inquiry)
    {
        using var patience = new CancellationTokenSource(CatchUpTime, time);
        await view.CatchUpAsync(inquiry.ViewVersion, patience.Token);
        RefuseDead(inquiry.Asker);
        return new ShardInquiryReply(
            view.Current.MembershipVersion,
            view.LeaseOfTheLost,
            [.. inquiry.Claims.Select(claim => registry[claim.Shard].Inquire(inquiry.Asker, claim.Term))]);
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
        return new CopyBatchReply(
            [.. batch.Steps.Select(step => registry[step.Shard].Receive(batch.Owner, step))], (byte)FrameFormat.Newest);
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

    public ValueTask<SiloReport> ReportAsync(ReportParts parts) => new(Task.Run(() => reporter.Report(parts)));

    public ValueTask LeaveAsync()
    {
        lifetime.StopApplication();
        return default;
    }

    private ValueTask<TResult> RunAsync<TResult>(Func<ValueTask<TResult>> operation) => new(Task.Run(async () =>
    {
        bool wasServing = lease.Check();
        TResult result = await operation();
        lease.CheckStill(wasServing);
        return result;
    }));

    // Those who have declared a silo dead have gone on without it, whatever it believes.
    private void RefuseDead(SiloAddress silo)
    {
        if (view.IsDead(silo))
        {
            throw new GranaryException($"Silo {silo} has been declared dead; it cannot serve any shard.");
        }
    }
}
