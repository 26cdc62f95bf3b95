using Granary.Relaying;
using Granary.Reports;
using Granary.Shards;
using Granary.Wire;
using Orleans.Services;

namespace Granary;

/// <summary>
/// The batch end point of one silo: whoever knows which silo holds a key's shard reaches it in one hop. Operations on
/// shards that the silo does not hold are forwarded.
/// </summary>
/// <remarks>
/// External clients need a reference made with the silo's gateway endpoint, which only a silo can make: it comes with
/// the <see cref="ServedMap"/>.
/// </remarks>
[Alias("granary.ICacheSiloService")]
public interface ICacheSiloService : IGrainService
{
    /// <summary>Executes a packed batch and answers every operation in its order.</summary>
    /// <exception cref="GranaryException">The batch is malformed. Operations before the malformed one may have been
    /// applied.</exception>
    [Alias("Execute"), ResponseTimeout("00:00:05")]
    ValueTask<WireBytes> ExecuteAsync(WireBytes batch);

    /// <summary>Reads a long value: its first page, and a transfer for the rest.</summary>
    [Alias("OpenRead"), ResponseTimeout("00:00:05")]
    ValueTask<PagedReadReply> OpenReadAsync(PagedReadRequest request);

    /// <summary>The page of a transfer that begins at <paramref name="offset"/>; empty if it is not known any more.</summary>
    [Alias("ReadPage"), ResponseTimeout("00:00:05")]
    ValueTask<WireBytes> ReadPageAsync(long transfer, int offset);

    /// <summary>Stores a long value, or begins to: a value of one page is stored by this call.</summary>
    [Alias("OpenWrite"), ResponseTimeout("00:00:05")]
    ValueTask<PagedWriteReply> OpenWriteAsync(PagedWriteRequest request);

    /// <summary>Adds the page that begins at <paramref name="offset"/>; the last one executes the operation.</summary>
    [Alias("WritePage"), ResponseTimeout("00:00:05")]
    ValueTask<PagedWriteReply> WritePageAsync(long transfer, int offset, WireBytes page);

    /// <summary>Ends a transfer before its end. Unknown ones are ignored.</summary>
    [Alias("CloseTransfer"), ResponseTimeout("00:00:05")]
    ValueTask CloseTransferAsync(long transfer);

    /// <summary>Drops everything in the shards that the silo holds, at a time.</summary>
    /// <param name="atUnixMilliseconds">UTC; 0 or the past is at once.</param>
    /// <returns>The shards that the silo serves. A shard on its way to another silo is in nobody's answer: ask again.</returns>
    [Alias("Flush"), ResponseTimeout("00:00:05")]
    ValueTask<int[]> FlushAsync(long atUnixMilliseconds);

    /// <summary>Drops the entries that have one of some tags, in the shards that the silo holds.</summary>
    /// <param name="tags">The tags' hashes.</param>
    /// <returns>
    /// The shards that the silo serves, and whose replicas know. A shard on its way to another silo is in nobody's answer: ask
    /// again.
    /// </returns>
    [Alias("DropTags"), ResponseTimeout("00:00:05")]
    ValueTask<int[]> DropTagsAsync(ulong[] tags);

    /// <summary>Drops the entries whose keys begin with some bytes, in the shards that the silo holds.</summary>
    /// <param name="prefix">A namespace's; the silo may know none that has it.</param>
    /// <returns>As <see cref="DropTagsAsync"/>.</returns>
    [Alias("DropPrefix"), ResponseTimeout("00:00:05")]
    ValueTask<int[]> DropPrefixAsync(byte[] prefix);

    /// <summary>What has changed of the entries that clients have read to keep their values; waits a little if nothing has.</summary>
    /// <exception cref="GranaryException">The silo may not answer for its shards now, or too many clients wait.</exception>
    [Alias("Watch"), ResponseTimeout("00:00:05")]
    ValueTask<WatchReply> WatchAsync(WatchRequest request);

    /// <summary>Silo to silo: am I a member?</summary>
    /// <param name="silo">The asking silo.</param>
    /// <param name="clocks">What its clocks say.</param>
    /// <returns>Whether the asking silo is active by what the answering one knows.</returns>
    [Alias("Confirm"), ResponseTimeout("00:00:01")]
    ValueTask<bool> ConfirmAsync(SiloAddress silo, ClockReading clocks);

    /// <summary>Silo to silo: has this silo answered you of late?</summary>
    [Alias("Hears"), ResponseTimeout("00:00:01")]
    ValueTask<bool> HearsAsync(SiloAddress silo);

    /// <summary>Silo to silo: make a call for me to a silo that you reach and I do not.</summary>
    /// <param name="target">The silo.</param>
    /// <param name="call">The call.</param>
    /// <returns>Its result.</returns>
    [Alias("Relay"), ResponseTimeout("00:00:05")]
    ValueTask<object?> RelayAsync(SiloAddress target, RelayedCall call);

    /// <summary>Silo to silo: I have the activations of these shards; what do you hold of them?</summary>
    [Alias("Inquire"), ResponseTimeout("00:00:02")]
    ValueTask<ShardInquiryReply> InquireAsync(ShardInquiry inquiry);

    /// <summary>Silo to silo: I am about to serve these shards.</summary>
    [Alias("Announce"), ResponseTimeout("00:00:02")]
    ValueTask<ShardAnnouncementReply> AnnounceAsync(ShardAnnouncement announcement);

    /// <summary>Silo to silo: entries and changes of shards that I serve, for you to keep.</summary>
    [Alias("Copy"), ResponseTimeout("00:00:02")]
    ValueTask<CopyBatchReply> CopyAsync(CopyBatch batch);

    /// <summary>Silo to silo: I am about to leave.</summary>
    /// <returns>All silos that the answering one knows to be about to leave.</returns>
    [Alias("Drain"), ResponseTimeout("00:00:02")]
    ValueTask<SiloAddress[]> DrainAsync(SiloAddress silo);

    /// <summary>Silo to silo: who are you, and how is your cache configured?</summary>
    [Alias("Describe"), ResponseTimeout("00:00:05")]
    ValueTask<SiloDescription> DescribeAsync();

    /// <summary>The silo's counters, as the memcached port's <c>stats</c> shows them summed.</summary>
    [Alias("GetStatistics"), ResponseTimeout("00:00:05")]
    ValueTask<SiloStatistics> GetStatisticsAsync();

    /// <summary>What the silo tells the people who watch it.</summary>
    [Alias("Report"), ResponseTimeout("00:00:02")]
    ValueTask<SiloReport> ReportAsync(ReportParts parts);

    /// <summary>Hands over what the silo has, and ends it. Answers at once: the hand-over is watched by reports.</summary>
    [Alias("Leave"), ResponseTimeout("00:00:05")]
    ValueTask LeaveAsync();
}
