using System.Buffers.Binary;
using System.IO.Hashing;

namespace Granary.Store.Saving;

/// <summary>
/// Writes blocks, each with its checksum. Little-endian.
/// <code>
///  0      8        12     16
///  | hash | length | kind | payload
/// </code>
/// </summary>
/// <param name="target">Where to.</param>
/// <param name="seed">
/// Of the file. Each block's hash begins with it and the block's number, and covers all that follows the hash: a block
/// that is missing, twice, elsewhere or of another file is found as a changed byte is.
/// </param>
internal sealed class BlockWriter(Stream target, ulong seed)
{
    public const int HeadBytes = 16;
    public const int MaxPayloadBytes = 512 << 10; // what a message between silos carries

    private readonly byte[] _block = new byte[HeadBytes + MaxPayloadBytes];
    private ulong _number;

    /// <summary>Where the next block's payload belongs.</summary>
    public Span<byte> Payload => _block.AsSpan(HeadBytes);

    /// <summary>Bytes written.</summary>
    public long Written { get; private set; }

    public void Write(BlockKind kind, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_block.AsSpan(8), length);
        BinaryPrimitives.WriteInt32LittleEndian(_block.AsSpan(12), (int)kind);
        Span<byte> block = _block.AsSpan(0, HeadBytes + length);
        BinaryPrimitives.WriteUInt64LittleEndian(block, HashOf(block, seed + _number++));
        target.Write(block);
        Written += block.Length;
    }

    public static ulong HashOf(ReadOnlySpan<byte> block, ulong seed) =>
        XxHash3.HashToUInt64(block[sizeof(ulong)..], unchecked((long)seed));
}
