using Granary.Relaying;
using Granary.Reports;
using Granary.Shards;
using Granary.Wire;

namespace Granary.Cache.Services;

/// <summary>The batch end point of a silo that this one reaches only through another.</summary>
/// <param name="relay">The one that is reached.</param>
/// <param name="target">The one that is meant.</param>
internal sealed class RelayedService(ICacheSiloService relay, SiloAddress target) : ICacheSiloService
{
    public ValueTask<WireBytes> ExecuteAsync(WireBytes batch) => CallAsync<WireBytes>(new RelayedCall.Execute(batch));

    public ValueTask<PagedReadReply> OpenReadAsync(PagedReadRequest request) =>
        CallAsync<PagedReadReply>(new RelayedCall.OpenRead(request));

    public ValueTask<WireBytes> ReadPageAsync(long transfer, int offset) =>
        CallAsync<WireBytes>(new RelayedCall.ReadPage(transfer, offset));

    public ValueTask<PagedWriteReply> OpenWriteAsync(PagedWriteRequest request) =>
        CallAsync<PagedWriteReply>(new RelayedCall.OpenWrite(request));

    public ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page) =>
        CallAsync<PagedWriteReply>(new RelayedCall.WritePage(transfer, offset, page));

    public async ValueTask CloseTransferAsync(long transfer) =>
        await relay.RelayAsync(target, new RelayedCall.CloseTransfer(transfer));

    public ValueTask<int[]> FlushAsync(long atUnixMilliseconds) =>
        CallAsync<int[]>(new RelayedCall.Flush(atUnixMilliseconds));

    public ValueTask<int[]> DropTagsAsync(ulong[] tags) => CallAsync<int[]>(new RelayedCall.DropTags(tags));

    public ValueTask<int[]> DropPrefixAsync(byte[] prefix) => CallAsync<int[]>(new RelayedCall.DropPrefix(prefix));

    public ValueTask<ShardInquiryReply> InquireAsync(ShardInquiry inquiry) =>
        CallAsync<ShardInquiryReply>(new RelayedCall.Inquire(inquiry));

    public ValueTask<ShardAnnouncementReply> AnnounceAsync(ShardAnnouncement announcement) =>
        CallAsync<ShardAnnouncementReply>(new RelayedCall.Announce(announcement));

    public ValueTask<CopyBatchReply> CopyAsync(CopyBatch batch) =>
        CallAsync<CopyBatchReply>(new RelayedCall.Copy(batch));

    public ValueTask<SiloAddress[]> DrainAsync(SiloAddress silo) =>
        CallAsync<SiloAddress[]>(new RelayedCall.Drain(silo));

    public ValueTask<SiloDescription> DescribeAsync() => CallAsync<SiloDescription>(new RelayedCall.Describe());

    public ValueTask<SiloReport> ReportAsync(ReportParts parts) => CallAsync<SiloReport>(new RelayedCall.Report(parts));

    public async ValueTask LeaveAsync() => await relay.RelayAsync(target, new RelayedCall.Leave());

    // Clients ask it of the silo itself.
    public ValueTask<WatchReply> WatchAsync(WatchRequest request) => throw NotRelayed();

    // Asked only of those who are reached: to find out whether they are.
    public ValueTask<bool> ConfirmAsync(SiloAddress silo, ClockReading clocks) => throw NotRelayed();

    public ValueTask<bool> HearsAsync(SiloAddress silo) => throw NotRelayed();

    // One silo in between is enough, and keeps the way bounded.
    public ValueTask<object?> RelayAsync(SiloAddress other, RelayedCall call) => throw NotRelayed();

    public ValueTask<SiloStatistics> GetStatisticsAsync() => throw NotRelayed();

    private async ValueTask<TResult> CallAsync<TResult>(RelayedCall call) =>
        (TResult)(await relay.RelayAsync(target, call))!;

    private static NotSupportedException NotRelayed() => new("This call is made directly, or not at all.");
}
