using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>A <see cref="PartitionHistory"/> as bytes, so that the records before it need not be read again.</summary>
internal static class PartitionSnapshot
{
    private const byte Version = 1;
    private const byte VersionOfTopics = 2; // the same, and what a topic or a subscription has besides

    public static byte[] Write(PartitionHistory history)
    {
        ByteWriter target = new();
        target.WriteByte(history.Role == PartitionRole.Queue ? Version : VersionOfTopics);
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
            range.Write(target);
        }

        target.WriteNumber(history.Messages.Entries.Count);
        foreach (MessageEntry entry in history.Messages.Entries.OrderBy(entry => entry.Offset))
        {
            Write(target, entry, history.Messages.HoldsGroup(entry));
        }

        WriteRole(target, history);
        return target.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">This is no snapshot, or one of a later version.</exception>
    public static void Read(ReadOnlyMemory<byte> snapshot, PartitionHistory history)
    {
        ByteReader source = new(snapshot);
        byte version = source.ReadByte();
        if (version != (history.Role == PartitionRole.Queue ? Version : VersionOfTopics))
        {
            throw new InvalidDataException($"A snapshot has version {version}, in the partition of a {history.Role}.");
        }

        history.NextOffset = source.ReadNumber();
        for (int left = source.ReadCount(); left > 0; left--)
        {
            history.Deduplication.Add(new(source.ReadWide(), source.ReadNumber(), source.ReadNumber()));
        }

        for (int left = source.ReadCount(); left > 0; left--)
        {
            history.Messages.Add(ReadyRange.Read(source));
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

        ReadRole(source, history);
    }

    private static void WriteRole(ByteWriter target, PartitionHistory history)
    {
        history.Topic?.Write(target);
        if (history.Role == PartitionRole.Subscription)
        {
            target.WriteByte(history.Place is null ? (byte)0 : (byte)1);
            target.WriteNumber(history.Place?.Offset ?? 0);
            target.WriteNumber(history.Place?.NotBefore ?? 0);
            target.WriteNumber(history.SoughtEpoch);
        }
    }

    private static void ReadRole(ByteReader source, PartitionHistory history)
    {
        history.Topic?.Read(source);
        if (history.Role == PartitionRole.Subscription)
        {
            bool hasBegun = source.ReadByte() != 0;
            TopicPlace place = new(source.ReadNumber(), source.ReadNumber());
            history.Place = hasBegun ? place : null;
            history.SoughtEpoch = source.ReadNumber();
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
