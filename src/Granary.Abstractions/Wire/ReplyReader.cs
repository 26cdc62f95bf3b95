using System.Buffers.Binary;

namespace Granary.Wire;

/// <summary>Reads a packed reply in place (the layout is drawn in <c>ReplyWriter.cs</c>).</summary>
public ref struct ReplyReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Opens a reply and reads its header.</summary>
    public ReplyReader(ReadOnlySpan<byte> reply)
    {
        if (reply.Length < ReplyWriter.HeaderBytes || reply[0] != BatchWriter.Format)
        {
            return;
        }

        Remaining = BinaryPrimitives.ReadUInt16LittleEndian(reply[2..]);
        ViewVersion = BinaryPrimitives.ReadInt64LittleEndian(reply[4..]);
        _rest = reply[ReplyWriter.HeaderBytes..];
    }

    /// <summary>The membership view of the silo that answered.</summary>
    public long ViewVersion { get; }

    /// <summary>Answers not read yet.</summary>
    public int Remaining { get; private set; }

    /// <summary>The shape of the answer read last, for <see cref="ReplyWriter.Add(in PackedReply, byte)"/>.</summary>
    public byte Shape { get; private set; }

    /// <summary>Reads the next answer.</summary>
    /// <returns><see langword="false"/> at the end, or if the rest is malformed.</returns>
    public bool TryRead(out PackedReply reply)
    {
        reply = default;
        if (Remaining == 0 || _rest.Length < 2)
        {
            return false;
        }

        var status = (CacheStatus)_rest[0];
        Shape = _rest[1];
        ReadOnlySpan<byte> body = _rest[2..];
        switch (Shape)
        {
            case ReplyWriter.ShapeStatus:
                reply = new PackedReply { Status = status };
                _rest = body;
                break;

            case ReplyWriter.ShapeStored when body.Length >= 8:
                reply = new PackedReply { Status = status, Cas = BinaryPrimitives.ReadUInt64LittleEndian(body) };
                _rest = body[8..];
                break;

            case ReplyWriter.ShapeCount when body.Length >= 16:
                reply = new PackedReply
                {
                    Status = status,
                    Cas = BinaryPrimitives.ReadUInt64LittleEndian(body),
                    Number = BinaryPrimitives.ReadUInt64LittleEndian(body[8..]),
                };
                _rest = body[16..];
                break;

            case ReplyWriter.ShapeHit when body.Length >= 16:
                int valueLength = BinaryPrimitives.ReadInt32LittleEndian(body[12..]);
                if (valueLength < 0 || body.Length - 16 < valueLength)
                {
                    return false;
                }

                reply = new PackedReply
                {
                    Status = status,
                    Cas = BinaryPrimitives.ReadUInt64LittleEndian(body),
                    Flags = BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
                    Value = body.Slice(16, valueLength),
                };
                _rest = body[(16 + valueLength)..];
                break;

            case ReplyWriter.ShapeState when body.Length >= ReplyWriter.StateBytes:
                if (!TryReadState(status, body, out reply))
                {
                    return false;
                }

                break;

            default:
                return false;
        }

        Remaining--;
        return true;
    }

    private static bool TryTakeTags(scoped ref ReadOnlySpan<byte> value, scoped ref ReadOnlySpan<byte> tags)
    {
        if (value.IsEmpty || value.Length < 1 + (value[0] * sizeof(ulong)))
        {
            return false;
        }

        tags = value.Slice(1, value[0] * sizeof(ulong));
        value = value[(1 + tags.Length)..];
        return true;
    }

    private bool TryReadState(CacheStatus status, ReadOnlySpan<byte> body, out PackedReply reply)
    {
        reply = default;
        int length = BinaryPrimitives.ReadInt32LittleEndian(body[46..]);
        if (length < 0 || body.Length - ReplyWriter.StateBytes < length)
        {
            return false;
        }

        var bits = (StateBits)BinaryPrimitives.ReadUInt16LittleEndian(body[44..]);
        ReadOnlySpan<byte> value = body.Slice(ReplyWriter.StateBytes, length);
        ReadOnlySpan<byte> tags = default;
        if ((bits & StateBits.Watched) != StateBits.None && !TryTakeTags(ref value, ref tags))
        {
            return false;
        }

        reply = new PackedReply
        {
            Status = status,
            Cas = BinaryPrimitives.ReadUInt64LittleEndian(body),
            Number = BinaryPrimitives.ReadUInt64LittleEndian(body[8..]),
            Flags = BinaryPrimitives.ReadUInt32LittleEndian(body[40..]),
            Tags = tags,
            Value = value,
            State = new EntryState
            {
                SecondsLeft = BinaryPrimitives.ReadInt64LittleEndian(body[16..]),
                SecondsUnused = BinaryPrimitives.ReadInt64LittleEndian(body[24..]),
                ValueLength = BinaryPrimitives.ReadInt32LittleEndian(body[32..]),
                RecordBytes = BinaryPrimitives.ReadInt32LittleEndian(body[36..]),
                Bits = bits,
            },
        };
        _rest = body[(ReplyWriter.StateBytes + length)..];
        return true;
    }
}
