using System.Buffers;
using System.Diagnostics;
using Granary.Client.Merging;
using Granary.Wire;

namespace Granary.Client.Routing;

/// <summary>Gives operations that were packed aside to their links, those for one link together.</summary>
internal static class Placement
{
    /// <summary>Places the operations and gives their batch back. Drops those that nobody waits for any more.</summary>
    /// <returns>Those that have no link now, for another attempt.</returns>
    public static LinkBatch? Place(LinkBatch operations, RouteTable? table, Deadlines deadlines)
    {
        int count = operations.Writer.Count;
        int[] linkOf = ArrayPool<int>.Shared.Rent(count);
        LinkBatch? later = null;
        int highest = Assign(operations, table, deadlines, linkOf, ref later);
        for (int link = 0; link <= highest; link++)
        {
            if (linkOf.AsSpan(0, count).Contains(link))
            {
                AddTo(table!.Links[link], operations, link, linkOf);
            }
        }

        ArrayPool<int>.Shared.Return(linkOf);
        operations.Return();
        return later;
    }

    public static long EarliestDeadline(LinkBatch operations)
    {
        long earliest = long.MaxValue;
        foreach (ref BatchEntry entry in operations.Entries)
        {
            earliest = Math.Min(earliest, entry.Target.Deadline);
        }

        return earliest;
    }

    public static int HighestAttempt(LinkBatch operations)
    {
        int highest = 0;
        foreach (ref BatchEntry entry in operations.Entries)
        {
            highest = Math.Max(highest, entry.Attempt);
        }

        return highest;
    }

    // Finds the link of each operation, -1 for those that are done with. The highest link, or -1.
    private static int Assign(
        LinkBatch operations, RouteTable? table, Deadlines deadlines, Span<int> linkOf, ref LinkBatch? later)
    {
        int highest = -1;
        int ordinal = 0;
        long now = deadlines.Now;
        var reader = new BatchReader(operations.Message.Span);
        foreach (ref BatchEntry entry in operations.Entries)
        {
            for (int i = 0; i < entry.Count; i++, ordinal++)
            {
                bool read = reader.TryRead(out PackedOperation operation);
                Debug.Assert(read, "A batch of ours is malformed.");
                PendingOperation target = entry.Target;
                if (target.IsCompleted || target.Deadline <= now)
                {
                    linkOf[ordinal] = -1;
                    Drop(target, deadlines);
                    continue;
                }

                linkOf[ordinal] = table?.LinkIndex(operation.Key, now) ?? -1;
                highest = Math.Max(highest, linkOf[ordinal]);
                if (linkOf[ordinal] < 0)
                {
                    later ??= LinkBatch.Rent();
                    later.Add(target, entry.Slot + i, entry.Attempt + 1, operation);
                }
            }
        }

        return highest;
    }

    private static void Drop(PendingOperation target, Deadlines deadlines)
    {
        if (!target.IsCompleted)
        {
            target.Fail(deadlines.TimedOut(target, sent: false));
        }

        target.Answered(1);
    }

    private static void AddTo(SiloLink link, LinkBatch operations, int index, ReadOnlySpan<int> linkOf)
    {
        int ordinal = 0;
        var reader = new BatchReader(operations.Message.Span);
        using SiloLink.Session session = link.Open();
        foreach (ref BatchEntry entry in operations.Entries)
        {
            for (int i = 0; i < entry.Count; i++, ordinal++)
            {
                reader.TryRead(out PackedOperation operation);
                if (linkOf[ordinal] == index)
                {
                    session.Add(entry.Target, entry.Slot + i, entry.Attempt, operation);
                }
            }
        }
    }
}
