using System.Buffers.Binary;
using System.IO.Hashing;

namespace Granary.Queues.Logs;

/// <summary>Of a row, a snapshot or an owner: covers where it belongs, so that one in another's place is found.</summary>
internal static class RowChecksum
{
    public static long Of(ReadOnlySpan<byte> content, long place, long end)
    {
        Span<byte> where = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(where, place);
        BinaryPrimitives.WriteInt64LittleEndian(where[8..], end);
        return (long)XxHash3.HashToUInt64(content, (long)XxHash3.HashToUInt64(where));
    }
}
