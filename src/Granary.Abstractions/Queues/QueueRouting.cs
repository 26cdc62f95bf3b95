using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Granary.Queues;

/// <summary>Which partition a message belongs to.</summary>
public static class QueueRouting
{
    /// <summary>
    /// A group's messages go to one partition, because that keeps their order; without a group a MessageId decides, so
    /// that the second send of it meets the first. A message with neither may go anywhere: <see langword="null"/>.
    /// </summary>
    /// <param name="group">Ordering group.</param>
    /// <param name="messageId">Deduplication key. Of a message with a group it does not decide: the group must be the same at a second send.</param>
    /// <param name="partitions">At least 1.</param>
    public static int? PartitionOf(string? group, string? messageId, int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        string? key = group ?? messageId;
        return key is null
            ? null
            : (int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan())) % (ulong)partitions);
    }
}
