using Granary.Cache.Membership;
using Granary.Cache.Routing;
using Granary.Relaying;
using Granary.Reports;
using Granary.Shards;
using Granary.Wire;

namespace Granary.Cache.Services;

// What a client in this process asks often is a call; all else takes the way that it takes from elsewhere.

/// <summary>This silo's end point for code in its own process. Thread-safe.</summary>
internal sealed class InProcessService(BatchExecutor executor, ClusterView view) : ICacheSiloService
{
    [ThreadStatic]
    private static bool _isExecuting;

    private ICacheSiloService ByMessage => view.DirectServiceOf(view.Self);

    /// <summary>Executes a batch on the caller's thread.</summary>
    /// <remarks>
    /// On another one if the caller's runs a grain, which is not to wait, and whose calls its messages would become; or if it
    /// executes a batch already: a client sends the next one when it has the reply, and so on, for ever deeper.
    /// </remarks>
    public ValueTask<WireBytes> ExecuteAsync(WireBytes batch)
    {
        if (_isExecuting || TaskScheduler.Current != TaskScheduler.Default)
        {
            return new(Task.Run(() => executor.ExecuteAsync(batch).AsTask()));
        }

        _isExecuting = true;
        try
        {
            return executor.ExecuteAsync(batch);
        }
        finally
        {
            _isExecuting = false;
        }
    }

    public ValueTask<PagedReadReply> OpenReadAsync(PagedReadRequest request) => ByMessage.OpenReadAsync(request);

    public ValueTask<WireBytes> ReadPageAsync(long transfer, int offset) => ByMessage.ReadPageAsync(transfer, offset);

    public ValueTask<PagedWriteReply> OpenWriteAsync(PagedWriteRequest request) => ByMessage.OpenWriteAsync(request);

    public ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page) =>
        ByMessage.WritePageAsync(transfer, offset, page);

    public ValueTask CloseTransferAsync(long transfer) => ByMessage.CloseTransferAsync(transfer);

    public ValueTask<int[]> FlushAsync(long atUnixMilliseconds) => ByMessage.FlushAsync(atUnixMilliseconds);

    public ValueTask<int[]> DropTagsAsync(ulong[] tags) => ByMessage.DropTagsAsync(tags);

    public ValueTask<int[]> DropPrefixAsync(byte[] prefix) => ByMessage.DropPrefixAsync(prefix);

    public ValueTask<WatchReply> WatchAsync(WatchRequest request) => ByMessage.WatchAsync(request);

    public ValueTask<bool> ConfirmAsync(SiloAddress silo, ClockReading clocks) => ByMessage.ConfirmAsync(silo, clocks);

    public ValueTask<bool> HearsAsync(SiloAddress silo) => ByMessage.HearsAsync(silo);

    public ValueTask<object?> RelayAsync(SiloAddress target, RelayedCall call) => ByMessage.RelayAsync(target, call);

    public ValueTask<ShardInquiryReply> InquireAsync(ShardInquiry inquiry) => ByMessage.InquireAsync(inquiry);

    public ValueTask<ShardAnnouncementReply> AnnounceAsync(ShardAnnouncement announcement) =>
        ByMessage.AnnounceAsync(announcement);

    public ValueTask<CopyBatchReply> CopyAsync(CopyBatch batch) => ByMessage.CopyAsync(batch);

    public ValueTask<SiloAddress[]> DrainAsync(SiloAddress silo) => ByMessage.DrainAsync(silo);

    public ValueTask<SiloDescription> DescribeAsync() => ByMessage.DescribeAsync();

    public ValueTask<SiloStatistics> GetStatisticsAsync() => ByMessage.GetStatisticsAsync();

    public ValueTask<SiloReport> ReportAsync(ReportParts parts) => ByMessage.ReportAsync(parts);

    public ValueTask LeaveAsync() => ByMessage.LeaveAsync();
}
