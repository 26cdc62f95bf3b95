using Granary.Queues.Logs;
using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>
/// The leases of an owner that lets go, for the one with the next epoch: nobody can have had the messages in between. They
/// are not of the history, and if they are lost the messages are only ready early. Time stands still until the next owner
/// goes on with them, because who holds them could not settle anything.
/// </summary>
internal sealed record LeaseHandOver(long Epoch, IReadOnlyList<HeldLease> Leases)
{
    private const byte Version = 1;

    /// <summary>Those of messages that are written: who has leased another was not told.</summary>
    public static LeaseHandOver Of(MessageTable messages, long epoch, long durableOffset, PartitionTime now) => new(
        epoch,
        [
            .. messages.Leased.All
                .Where(entry => entry.Offset < durableOffset)
                .Select(entry => new HeldLease(
                    entry.Offset, entry.Acquired + 1, entry.LeaseEpoch, Math.Max(0, entry.LeaseUntil - now.Monotonic))),
        ]);

    /// <summary>What <see cref="Write"/> has made of it.</summary>
    /// <param name="bytes">Empty for none.</param>
    /// <returns>Null if there is none, or it cannot be read.</returns>
    public static LeaseHandOver? Read(ReadOnlyMemory<byte> bytes)
    {
        const int HashBytes = sizeof(long);
        if (bytes.Length <= HashBytes
            || RowChecksum.Of(bytes.Span[HashBytes..], 0, bytes.Length) != BitConverter.ToInt64(bytes.Span))
        {
            return null;
        }

        ByteReader source = new(bytes[HashBytes..]);
        if (source.ReadByte() != Version)
        {
            return null;
        }

        long epoch = source.ReadNumber();
        HeldLease[] leases = new HeldLease[source.ReadCount()];
        for (int index = 0; index < leases.Length; index++)
        {
            leases[index] = new HeldLease(
                source.ReadNumber(), source.ReadCount(), source.ReadNumber(), source.ReadNumber());
        }

        return new LeaseHandOver(epoch, leases);
    }

    /// <summary>Leases the messages again; those that the log knows otherwise are left out.</summary>
    public void Restore(MessageTable messages, PartitionTime now)
    {
        foreach (HeldLease lease in Leases)
        {
            MessageEntry? entry = messages.Find(lease.Offset, make: lease.Attempt == 1);
            if (entry is { State: MessageState.Ready } && entry.Acquired + 1 == lease.Attempt)
            {
                TryTakeOver(messages, entry, lease.Epoch, now.Monotonic + lease.LeftMilliseconds, now);
            }
        }
    }

    /// <summary>Leases a message that is ready to the holder of an earlier owner's lease.</summary>
    /// <returns>False if another of its group is to be next.</returns>
    public static bool TryTakeOver(MessageTable messages, MessageEntry entry, long epoch, long until, PartitionTime now)
    {
        if (entry.Group is not null && !messages.HoldsGroup(entry))
        {
            return false;
        }

        entry.LeaseEpoch = epoch;
        entry.LeasedAt = now.Monotonic;
        entry.LeaseUntil = until;
        messages.Move(entry, MessageState.Leased);
        return true;
    }

    public byte[] Write()
    {
        ByteWriter target = new();
        target.WriteByte(Version);
        target.WriteNumber(Epoch);
        target.WriteNumber(Leases.Count);
        foreach (HeldLease lease in Leases)
        {
            target.WriteNumber(lease.Offset);
            target.WriteNumber(lease.Attempt);
            target.WriteNumber(lease.Epoch);
            target.WriteNumber(lease.LeftMilliseconds);
        }

        byte[] hash = BitConverter.GetBytes(RowChecksum.Of(target.Written, 0, sizeof(long) + target.Length));
        return [.. hash, .. target.Written];
    }
}
