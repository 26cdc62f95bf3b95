using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Granary.Wire;

// A batch is one byte array, because packing beats arrays of arrays by a factor of two (little endian, no padding):
//
//   header   u8 format  u8 hops  u16 operations  u64 view version of the sender
//   then per operation
//            u8 operation  u16 key length  key
//            Get, Delete                    -
//            GetAndTouch, Touch             i64 expiration
//            Set, Add, Replace,
//            Append, Prepend, CompareAndSet i64 expiration  u32 flags  u64 cas, or window  u32 value length  value
//            CompareAndSetSliding           the same, then u64 window
//            Increment, Decrement           u64 delta
//            ReadWith, PutWith, DeleteWith,
//            CountWith                      u16 bits  u8 mode  u8 numbers that follow  u64 number*  u32 value length  value
//            PutTagged                      i64 window  u8 tags  u64 tag*, then as PutWith
//
// Of an operation with options, bit n of the numbers that follow says whether the nth of PackedOptions is there.
//
// The window of a set, add or replace stands where older builds wrote 0 and read nothing: a silo of such a build stores the
// entry without it. Which is better than a batch that it cannot read, because others' operations are in it.

/// <summary>
/// Packs operations into one message body. Not thread-safe; used again after <see cref="Clear"/>.
/// </summary>
public sealed class BatchWriter
{
    /// <summary>The format this code writes and reads; another one is refused, never guessed.</summary>
    public const byte Format = 1;

    internal const int HeaderBytes = 12;
    private const int MaxFixedBytes = 35; // without options
    private const int InitialBytes = 4096;

    private byte[] _buffer = new byte[InitialBytes];
    private int _length = HeaderBytes;

    /// <summary>Operations packed since <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes packed, the header included.</summary>
    public int Length => _length;

    /// <summary>Whether an operation with this key and value still fits into one message.</summary>
    public bool Fits(int keyLength, int valueLength) =>
        Count < WireLimits.MaxBatchOperations
        && _length + MaxFixedBytes + keyLength + valueLength <= WireLimits.MaxBatchBytes;

    /// <summary>Whether an operation still fits into one message, whatever it is.</summary>
    public bool Fits(in PackedOperation operation) => Fits(
        operation.Key.Length, operation.Value.Length + (operation.HasOptions ? PackedOptions.MaxFixedBytes : 0));

    /// <summary>Adds a <see cref="CacheOperation.Get"/> or <see cref="CacheOperation.Delete"/>.</summary>
    public void Add(CacheOperation operation, ReadOnlySpan<byte> key) => Begin(operation, key, 0);

    /// <summary>Adds a <see cref="CacheOperation.GetAndTouch"/> or <see cref="CacheOperation.Touch"/>.</summary>
    public void AddTouch(CacheOperation operation, ReadOnlySpan<byte> key, long expiration) =>
        BinaryPrimitives.WriteInt64LittleEndian(Begin(operation, key, 8), expiration);

    /// <summary>Adds an increment or decrement by <paramref name="delta"/>.</summary>
    public void AddCount(CacheOperation operation, ReadOnlySpan<byte> key, ulong delta) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Begin(operation, key, 8), delta);

    /// <summary>Adds a storage operation.</summary>
    public void AddStore(in PackedOperation operation)
    {
        bool compares = operation.Operation == CacheOperation.CompareAndSet;
        bool hasTail = compares && operation.Window != 0;
        int length = operation.Value.Length;
        Span<byte> rest = Begin(
            hasTail ? CacheOperation.CompareAndSetSliding : operation.Operation,
            operation.Key,
            24 + length + (hasTail ? 8 : 0));
        BinaryPrimitives.WriteInt64LittleEndian(rest, operation.Expiration);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[8..], operation.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[12..], compares ? operation.Number : (ulong)operation.Window);
        BinaryPrimitives.WriteInt32LittleEndian(rest[20..], length);
        operation.Value.CopyTo(rest[24..]);
        if (hasTail)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest[(24 + length)..], operation.Window);
        }
    }

    /// <summary>Adds an operation that was read from another batch.</summary>
    public void Add(in PackedOperation operation)
    {
        switch (operation.Operation)
        {
            case CacheOperation.Get or CacheOperation.Delete:
                Add(operation.Operation, operation.Key);
                break;
            case CacheOperation.GetAndTouch or CacheOperation.Touch:
                AddTouch(operation.Operation, operation.Key, operation.Expiration);
                break;
            case CacheOperation.Increment or CacheOperation.Decrement:
                AddCount(operation.Operation, operation.Key, operation.Number);
                break;
            case >= CacheOperation.ReadWith and <= CacheOperation.CountWith:
                PackedOptions.Write(
                    Begin(
                        operation.IsTagged ? CacheOperation.PutTagged : operation.Operation,
                        operation.Key,
                        PackedOptions.BytesOf(operation)),
                    operation);
                break;
            default:
                AddStore(operation);
                break;
        }
    }

    /// <summary>The batch as a message body.</summary>
    /// <param name="hops">How many silos have forwarded these operations already.</param>
    /// <param name="viewVersion">The sender's membership view.</param>
    /// <returns>A view into this writer's buffer: valid until <see cref="Clear"/>.</returns>
    public ReadOnlyMemory<byte> Complete(int hops, long viewVersion)
    {
        _buffer[0] = Format;
        _buffer[1] = checked((byte)hops);
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(2), checked((ushort)Count));
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(4), viewVersion);
        return _buffer.AsMemory(0, _length);
    }

    /// <summary>Forgets all operations and keeps the buffer.</summary>
    public void Clear()
    {
        _length = HeaderBytes;
        Count = 0;
    }

    // Writes operation and key, and returns the `extra` bytes behind them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // benchmark client, 64-key batches
    private Span<byte> Begin(CacheOperation operation, ReadOnlySpan<byte> key, int extra)
    {
        int needed = 3 + key.Length + extra;
        if (_buffer.Length - _length < needed)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + needed));
        }

        Span<byte> target = _buffer.AsSpan(_length, needed);
        target[0] = (byte)operation;
        BinaryPrimitives.WriteUInt16LittleEndian(target[1..], (ushort)key.Length);
        key.CopyTo(target[3..]);
        _length += needed;
        Count++;
        return target[(3 + key.Length)..];
    }
}
