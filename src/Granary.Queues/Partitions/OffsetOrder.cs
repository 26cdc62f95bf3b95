namespace Granary.Queues.Partitions;

/// <summary>The order in which messages were sent.</summary>
internal sealed class OffsetOrder : IComparer<MessageEntry>
{
    public static readonly OffsetOrder Instance = new();

    public int Compare(MessageEntry? x, MessageEntry? y) => x!.Offset.CompareTo(y!.Offset);
}
