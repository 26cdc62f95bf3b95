using System.Diagnostics.CodeAnalysis;

namespace Granary.Queues.Partitions;

/// <summary>
/// Whether a receipt still speaks for its message. A lease is (offset, attempt, epoch). Leases are not written, but what
/// ends one is, before the next can be given out; so the owner after a crash knows that a receipt of the epoch before is
/// the last lease if its attempt is the one after those ended.
/// </summary>
internal sealed class LeaseCheck(PartitionHistory history, int partition, long epoch)
{
    /// <summary>
    /// Where the messages ended when this owner opened: no owner before has leased anything from here on and written it. It
    /// matters when the log has lost its end, or was deleted, and offsets are given again.
    /// </summary>
    public long OpenedAt { get; set; }

    /// <summary>It is leased by this receipt now.</summary>
    public bool Holds(Receipt receipt, [NotNullWhen(true)] out MessageEntry? entry)
    {
        entry = history.Messages.Find(receipt.Offset, make: false);
        return receipt.Partition == partition && entry is { State: MessageState.Leased }
            && entry.LeaseEpoch == receipt.Epoch && entry.Acquired + 1 == receipt.Attempt;
    }

    /// <summary>It is leased by this receipt, or was, and nobody has had it since: then the work is done, and counts.</summary>
    public bool MayEnd(Receipt receipt, [NotNullWhen(true)] out MessageEntry? entry)
    {
        if (Holds(receipt, out entry))
        {
            return true;
        }

        entry = Lapsed(receipt) || WasCut(receipt) ? history.Messages.Find(receipt.Offset, make: true) : null;
        return entry is not null;
    }

    /// <summary>
    /// The owner before gave this lease, and nobody has had the message since. Only of the epoch before: an older one's
    /// lease may have been followed by one that nobody has written down.
    /// </summary>
    public bool WasCut(Receipt receipt)
    {
        if (receipt.Partition != partition || receipt.Epoch != epoch - 1 || receipt.Epoch <= history.SoughtEpoch
            || receipt.Offset >= OpenedAt)
        {
            return false;
        }

        MessageEntry? entry = history.Messages.Find(receipt.Offset, make: false);
        return entry is null
            ? receipt.Attempt == 1 && history.Messages.Ranges.Contains(receipt.Offset)
            : entry.State == MessageState.Ready && receipt.Attempt == entry.Acquired + 1;
    }

    private bool Lapsed(Receipt receipt) =>
        receipt.Partition == partition
        && history.Messages.Find(receipt.Offset, make: false) is { State: MessageState.Ready or MessageState.Delayed } entry
        && entry.Lapsed == (receipt.Attempt, receipt.Epoch);
}
