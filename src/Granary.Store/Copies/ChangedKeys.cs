using System.Buffers.Binary;
using System.Numerics;

namespace Granary.Store.Copies;

// A queue of bytes over blocks: change (8), key length (2), key. A position counts bytes since the beginning, and block n
// holds the positions from n * 1,024; so an item may lie in two blocks or three.
//
// A key that waits already is not added again: the reader looks its entry up when its turn comes, and finds the newest.
// A table of the last position of each of 1,024 hashes finds most of those.

/// <summary>The keys changed and not read yet, oldest first. Under the shard's lock.</summary>
internal sealed unsafe class ChangedKeys(KeyBlocks blocks)
{
    /// <summary>Bytes, each key's 10 more included.</summary>
    public const int MaxBytes = 1 << 20;

    private const int BlockBytes = KeyBlocks.BlockBytes;
    private const int HeadBytes = sizeof(long) + sizeof(ushort);
    private const int LastPositions = 1024;
    private const int FewestBlocks = 4;

    private readonly long[] _lastPositions = new long[LastPositions];
    private nint[] _blocks = new nint[FewestBlocks];
    private long _head = BlockBytes; // 0 is no position, in the table
    private long _tail = BlockBytes;
    private long _end = BlockBytes; // of the last block taken

    public bool IsEmpty => _head == _tail;

    /// <summary>Bytes that wait. To be read without the lock: about right.</summary>
    public long Bytes => Volatile.Read(ref _tail) - Volatile.Read(ref _head);

    /// <summary>The change that added the first key.</summary>
    public long FirstChange
    {
        get
        {
            Span<byte> change = stackalloc byte[sizeof(long)];
            CopyOut(_head, change);
            return BinaryPrimitives.ReadInt64LittleEndian(change);
        }
    }

    /// <summary>Adds a key behind the others, unless it waits already.</summary>
    /// <returns><see langword="false"/> if there is no room.</returns>
    public bool TryAdd(long change, ulong hash, ReadOnlySpan<byte> key)
    {
        ref long last = ref _lastPositions[hash % LastPositions];
        if (last >= _head && HasKey(last, key))
        {
            return true;
        }

        int length = HeadBytes + key.Length;
        if (_tail + length - _head > MaxBytes || !TryExtend(_tail + length))
        {
            return false;
        }

        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteInt64LittleEndian(head, change);
        BinaryPrimitives.WriteUInt16LittleEndian(head[sizeof(long)..], (ushort)key.Length);
        CopyIn(_tail, head);
        CopyIn(_tail + HeadBytes, key);
        last = _tail;
        Volatile.Write(ref _tail, _tail + length);
        return true;
    }

    /// <summary>Copies the first key.</summary>
    /// <param name="buffer">At least as long as a key can be.</param>
    public ReadOnlySpan<byte> First(Span<byte> buffer)
    {
        Span<byte> key = buffer[..KeyLengthAt(_head)];
        CopyOut(_head + HeadBytes, key);
        return key;
    }

    /// <summary>Removes the first key.</summary>
    public void RemoveFirst()
    {
        long next = _head + HeadBytes + KeyLengthAt(_head);
        if (next == _tail)
        {
            Clear();
            return;
        }

        ReturnBlocks(_head / BlockBytes, next / BlockBytes);
        Volatile.Write(ref _head, next);
    }

    /// <summary>Forgets all keys and gives the memory back.</summary>
    public void Clear()
    {
        ReturnBlocks(_head / BlockBytes, _end / BlockBytes);
        Volatile.Write(ref _head, _end);
        Volatile.Write(ref _tail, _end);
        if (_blocks.Length > FewestBlocks)
        {
            _blocks = new nint[FewestBlocks];
        }
    }

    private ref nint Block(long number) => ref _blocks[number & (_blocks.Length - 1)];

    private void ReturnBlocks(long from, long to)
    {
        for (long number = from; number < to; number++)
        {
            blocks.Return((byte*)Block(number));
        }
    }

    private bool TryExtend(long end)
    {
        while (_end < end)
        {
            byte* block = blocks.Take();
            if (block == null)
            {
                return false;
            }

            if ((_end - (_head & -BlockBytes)) / BlockBytes == _blocks.Length)
            {
                Widen();
            }

            Block(_end / BlockBytes) = (nint)block;
            _end += BlockBytes;
        }

        return true;
    }

    private void Widen()
    {
        nint[] old = _blocks;
        _blocks = new nint[BitOperations.RoundUpToPowerOf2((uint)old.Length + 1)];
        for (long number = _head / BlockBytes; number < _end / BlockBytes; number++)
        {
            Block(number) = old[number & (old.Length - 1)];
        }
    }

    private int KeyLengthAt(long position)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        CopyOut(position + sizeof(long), length);
        return BinaryPrimitives.ReadUInt16LittleEndian(length);
    }

    private bool HasKey(long position, ReadOnlySpan<byte> key)
    {
        if (KeyLengthAt(position) != key.Length)
        {
            return false;
        }

        position += HeadBytes;
        while (!key.IsEmpty)
        {
            Span<byte> piece = PieceAt(position, key.Length);
            if (!piece.SequenceEqual(key[..piece.Length]))
            {
                return false;
            }

            position += piece.Length;
            key = key[piece.Length..];
        }

        return true;
    }

    private void CopyIn(long position, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            Span<byte> piece = PieceAt(position, source.Length);
            source[..piece.Length].CopyTo(piece);
            position += piece.Length;
            source = source[piece.Length..];
        }
    }

    private void CopyOut(long position, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            Span<byte> piece = PieceAt(position, destination.Length);
            piece.CopyTo(destination);
            position += piece.Length;
            destination = destination[piece.Length..];
        }
    }

    // What of so many bytes lies in the block of a position.
    private Span<byte> PieceAt(long position, int length)
    {
        int within = (int)(position & (BlockBytes - 1));
        return new Span<byte>((byte*)Block(position / BlockBytes) + within, Math.Min(length, BlockBytes - within));
    }
}
