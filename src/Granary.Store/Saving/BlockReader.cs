using System.Buffers.Binary;

namespace Granary.Store.Saving;

/// <summary>Reads what a <see cref="BlockWriter"/> has written, one block in memory at a time.</summary>
internal sealed class BlockReader(Stream source, ulong seed)
{
    private readonly byte[] _block = new byte[BlockWriter.HeadBytes + BlockWriter.MaxPayloadBytes];
    private ulong _number;
    private int _length;

    public BlockKind Kind { get; private set; }

    public ReadOnlySpan<byte> Payload => _block.AsSpan(BlockWriter.HeadBytes, _length);

    /// <summary>Bytes read.</summary>
    public long Read { get; private set; }

    /// <summary>Whether nothing follows.</summary>
    public bool IsAtEnd => source.ReadByte() < 0;

    /// <returns><see langword="false"/> if there is no whole, unchanged block.</returns>
    public bool TryRead()
    {
        if (!TryFill(_block.AsSpan(0, BlockWriter.HeadBytes)))
        {
            return false;
        }

        _length = BinaryPrimitives.ReadInt32LittleEndian(_block.AsSpan(8));
        Kind = (BlockKind)BinaryPrimitives.ReadInt32LittleEndian(_block.AsSpan(12));
        if (_length is < 0 or > BlockWriter.MaxPayloadBytes || !TryFill(_block.AsSpan(BlockWriter.HeadBytes, _length)))
        {
            return false;
        }

        ReadOnlySpan<byte> block = _block.AsSpan(0, BlockWriter.HeadBytes + _length);
        Read += block.Length;
        return BinaryPrimitives.ReadUInt64LittleEndian(block) == BlockWriter.HashOf(block, seed + _number++);
    }

    private bool TryFill(Span<byte> target) =>
        source.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) == target.Length;
}
