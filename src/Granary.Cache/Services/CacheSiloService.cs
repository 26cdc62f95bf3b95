using Granary.Cache.Membership;
using Granary.Cache.Routing;
using Granary.Cache.Shards;
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
    SiloDirectory directory) : GrainService(id, silo, loggers), ICacheSiloService
{
    public ValueTask<WireBytes> ExecuteAsync(WireBytes batch) =>
        new(Task.Run(() => executor.ExecuteAsync(batch).AsTask()));

    public ValueTask<PagedReadReply> OpenReadAsync(PagedReadRequest request) =>
        new(Task.Run(() => transfers.OpenRead(request)));

    public ValueTask<WireBytes> ReadPageAsync(long transfer, int offset) =>
        new(Task.Run(() => transfers.ReadPage(transfer, offset)));

    public ValueTask<PagedWriteReply> OpenWriteAsync(PagedWriteRequest request) =>
        new(Task.Run(() => transfers.OpenWrite(request)));

    public ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page) =>
        new(Task.Run(() => transfers.WritePage(transfer, offset, page)));

    public ValueTask CloseTransferAsync(long transfer)
    {
        transfers.Close(transfer);
        return default;
    }

    public ValueTask FlushAsync(long atUnixMilliseconds)
    {
        for (int shard = 0; shard < registry.ShardCount; shard++)
        {
            registry.Store.Flush(shard, atUnixMilliseconds);
        }

        return default;
    }

    public ValueTask<ShardInquiryReply> InquireAsync(ShardInquiry inquiry) =>
        new(new ShardInquiryReply(registry.Yield(inquiry.Shards)));

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
}
