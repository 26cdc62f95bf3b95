using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>A <see cref="PartitionHistory"/> as bytes, so that the records before it need not be read again.</summary>
internal static class PartitionSnapshot
{
    private const byte Version = 1;

    public static byte[] Write(PartitionHistory history)
    {
        ByteWriter target = new();
        target.WriteByte(Version);
        target.WriteNumber(history.NextOffset);
        DeduplicationWindow.Remembered[] known = [.. history.Deduplication.All];
        target.WriteNumber(known.Length);
        foreach (DeduplicationWindow.Remembered one in known)
        {
            target.WriteWide(one.Hash);
            target.WriteNumber(one.Offset);
            target.WriteNumber(one.At);
        }

        ReadyRange[] ranges = [.. history.Messages.Ranges.All()];
        target.WriteNumber(ranges.Length);
        foreach (ReadyRange range in ranges)
        {
            target.WriteNumber(range.First);
            target.WriteNumber(range.Count);
            target.WriteNumber(range.EnqueuedAt);
            target.WriteNumber(range.ExpiresAt);
        }

        target.WriteNumber(history.Messages.Entries.Count);
        foreach (MessageEntry entry in history.Messages.Entries.OrderBy(entry => entry.Offset))
        {
            Write(target, entry, history.Messages.HoldsGroup(entry));
        }

        return target.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">This is no snapshot, or one of a later version.</exception>
    public static void Read(ReadOnlyMemory<byte> snapshot, PartitionHistory history)
    {
        ByteReader source = new(snapshot);
        byte version = source.ReadByte();
        if (version != Version)
        {
            throw new InvalidDataException($"A snapshot has version {version}; this program reads version {Version}.");
        }

        history.NextOffset = source.ReadNumber();
        for (int left = source.ReadCount(); left > 0; left--)
        {
            history.Deduplication.Add(new(source.ReadWide(), source.ReadNumber(), source.ReadNumber()));
        }

        for (int left = source.ReadCount(); left > 0; left--)
        {
            history.Messages.Add(new ReadyRange(
                source.ReadNumber(), source.ReadNumber(), source.ReadNumber(), source.ReadNumber()));
        }

        List<(MessageEntry Entry, bool HoldsGroup)> entries = [];
        for (int left = source.ReadCount(); left > 0; left--)
        {
            entries.Add(ReadEntry(source));
        }

        // Holders first: else another of the group would take its place.
        foreach ((MessageEntry entry, bool holdsGroup) in entries.OrderBy(one => !one.HoldsGroup))
        {
            history.Messages.Restore(entry, holdsGroup);
        }
    }

    private static void Write(ByteWriter target, MessageEntry entry, bool holdsGroup)
    {
        bool leased = entry.State == MessageState.Leased;
        target.WriteNumber(entry.Offset);
        target.WriteByte((byte)(leased ? MessageState.Ready : entry.State));
        target.WriteByte(holdsGroup ? (byte)1 : (byte)0);
        target.WriteNumber(entry.Acquired);
        target.WriteNumber(entry.Deliveries);
        target.WriteNumber(entry.EnqueuedAt);
        target.WriteNumber(entry.ExpiresAt);
        target.WriteNumber(entry.DueAt);
        target.WriteText(entry.Group);
        target.WriteText(entry.Reason);
        target.WriteText(entry.Details);
        target.WriteNumber(entry.Failures?.Count ?? 0);
        foreach (Failure failure in entry.Failures ?? [])
        {
            target.WriteNumber(failure.At);
            target.WriteText(failure.Reason);
        }
    }

    private static (MessageEntry Entry, bool HoldsGroup) ReadEntry(ByteReader source)
    {
        MessageEntry entry = new(source.ReadNumber()) { State = (MessageState)source.ReadByte() };
        bool holdsGroup = source.ReadByte() != 0;
        entry.Acquired = source.ReadCount();
        entry.Deliveries = source.ReadCount();
        entry.EnqueuedAt = source.ReadNumber();
        entry.ExpiresAt = source.ReadNumber();
        entry.DueAt = source.ReadNumber();
        entry.Group = source.ReadText();
        entry.Reason = source.ReadText();
        entry.Details = source.ReadText();
        for (int left = source.ReadCount(); left > 0; left--)
        {
            entry.AddFailure(new Failure(source.ReadNumber(), source.ReadText() ?? ""));
        }

        return (entry, holdsGroup);
    }
}
