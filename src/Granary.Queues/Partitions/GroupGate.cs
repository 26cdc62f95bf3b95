namespace Granary.Queues.Partitions;

/// <summary>
/// One ordering group. Its holder alone may be leased, and stays the holder through failures and their delays, so a
/// failing message blocks its group and no other; it goes when it is completed, dead-lettered, deferred or removed.
/// </summary>
internal sealed class GroupGate
{
    public MessageEntry? Holder { get; set; }

    public SortedSet<MessageEntry> Waiting { get; } = new(OffsetOrder.Instance);
}
