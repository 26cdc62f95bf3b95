using System.Buffers.Binary;

namespace Granary.Wire;

// A reply answers the operations of a batch in their order (little endian, no padding):
//
//   header   u8 format  u8 0  u16 answers  u64 view version of the silo that answers
//   then per operation
//            u8 status  u8 shape
//            shape 0 status only   -
//            shape 1 stored        u64 cas
//            shape 2 hit           u64 cas  u32 flags  u32 value length  value
//            shape 3 count         u64 cas  u64 number
//            shape 4 state         u64 cas  u64 number  i64 seconds left  i64 seconds unused  i32 value length
//                                  i32 record bytes  u32 flags  u16 bits  u32 length of what follows  value
//                                  (what is watched: u8 tags, u64 each, and then the value)

/// <summary>Packs the answers of a batch into one message body. Not thread-safe; used again after a clear.</summary>
public sealed class ReplyWriter
{
    internal const int HeaderBytes = 12;
    internal const int HitBytes = 18;
    internal const byte ShapeStatus = 0;
    internal const byte ShapeStored = 1;
    internal const byte ShapeHit = 2;
    internal const byte ShapeCount = 3;
    internal const byte ShapeState = 4;
    internal const int StateBytes = 50; // without status and shape

    /// <summary>Most bytes before the value of an answer that is <see cref="StateBits.Watched"/>.</summary>
    public const int MaxTagBytes = 1 + (TagHash.MaxTags * sizeof(ulong));

    private const int InitialBytes = 4096;

    private byte[] _buffer = new byte[InitialBytes];
    private int _length = HeaderBytes;

    /// <summary>Answers packed since <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Whether a hit of this length fits, with <paramref name="following"/> bare statuses behind it.
    /// </summary>
    public bool Fits(int valueLength, int following) =>
        _length + HitBytes + valueLength + (following * HitBytes) <= WireLimits.MaxBatchBytes;

    /// <summary>Whether the answer of an operation with options fits, in the same way.</summary>
    /// <param name="valueLength">The value that it has with it. Bytes.</param>
    /// <param name="following">Bare statuses behind it.</param>
    public bool FitsState(int valueLength, int following) =>
        Fits(valueLength + 2 + StateBytes - HitBytes, following);

    /// <summary>Adds an answer that is only a status.</summary>
    public void Add(CacheStatus status) => Begin(status, ShapeStatus, 0);

    /// <summary>Adds the answer of a store.</summary>
    public void AddStored(CacheStatus status, ulong cas) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Begin(status, ShapeStored, 8), cas);

    /// <summary>Adds the answer of an increment or decrement.</summary>
    public void AddCount(CacheStatus status, ulong cas, ulong number)
    {
        Span<byte> rest = Begin(status, ShapeCount, 16);
        BinaryPrimitives.WriteUInt64LittleEndian(rest, cas);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], number);
    }

    /// <summary>Adds a hit, or with an empty value a hit that is read by pages.</summary>
    public void AddHit(CacheStatus status, ulong cas, uint flags, ReadOnlySpan<byte> value)
    {
        Span<byte> rest = Begin(status, ShapeHit, 16 + value.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(rest, cas);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[8..], flags);
        BinaryPrimitives.WriteInt32LittleEndian(rest[12..], value.Length);
        value.CopyTo(rest[16..]);
    }

    /// <summary>Adds the answer of an operation with options.</summary>
    public void AddState(in PackedReply reply)
    {
        EntryState state = reply.State;
        int tagBytes = state.Has(StateBits.Watched) ? 1 + reply.Tags.Length : 0;
        Span<byte> rest = Begin(reply.Status, ShapeState, StateBytes + tagBytes + reply.Value.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(rest, reply.Cas);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], reply.Number);
        BinaryPrimitives.WriteInt64LittleEndian(rest[16..], state.SecondsLeft);
        BinaryPrimitives.WriteInt64LittleEndian(rest[24..], state.SecondsUnused);
        BinaryPrimitives.WriteInt32LittleEndian(rest[32..], state.ValueLength);
        BinaryPrimitives.WriteInt32LittleEndian(rest[36..], state.RecordBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(rest[40..], reply.Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(rest[44..], (ushort)state.Bits);
        BinaryPrimitives.WriteInt32LittleEndian(rest[46..], tagBytes + reply.Value.Length);
        rest = rest[StateBytes..];
        if (tagBytes > 0)
        {
            rest[0] = (byte)(reply.Tags.Length / sizeof(ulong));
            reply.Tags.CopyTo(rest[1..]);
        }

        reply.Value.CopyTo(rest[tagBytes..]);
    }

    /// <summary>Adds an answer that was read from another reply.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="shape">Its shape, as <see cref="ReplyReader.Shape"/> told.</param>
    public void Add(in PackedReply reply, byte shape)
    {
        switch (shape)
        {
            case ShapeStored:
                AddStored(reply.Status, reply.Cas);
                break;
            case ShapeHit:
                AddHit(reply.Status, reply.Cas, reply.Flags, reply.Value);
                break;
            case ShapeCount:
                AddCount(reply.Status, reply.Cas, reply.Number);
                break;
            case ShapeState:
                AddState(reply);
                break;
            default:
                Add(reply.Status);
                break;
        }
    }

    /// <summary>The reply as a message body of its own.</summary>
    /// <param name="viewVersion">The membership view of the silo that answers.</param>
    /// <returns>A copy: the writer can be used again at once.</returns>
    public byte[] ToArray(long viewVersion)
    {
        _buffer[0] = BatchWriter.Format;
        _buffer[1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(2), checked((ushort)Count));
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(4), viewVersion);
        return _buffer.AsSpan(0, _length).ToArray();
    }

    /// <summary>Forgets all answers and keeps the buffer.</summary>
    public void Clear()
    {
        _length = HeaderBytes;
        Count = 0;
    }

    private Span<byte> Begin(CacheStatus status, byte shape, int extra)
    {
        int needed = 2 + extra;
        if (_buffer.Length - _length < needed)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + needed));
        }

        Span<byte> target = _buffer.AsSpan(_length, needed);
        target[0] = (byte)status;
        target[1] = shape;
        _length += needed;
        Count++;
        return target[2..];
    }
}
