using System.Buffers.Binary;

namespace Granary.Wire;

/// <summary>
/// Reads a packed batch in place (the layout is drawn in <c>BatchWriter.cs</c>). A batch that is cut short, names an
/// unknown operation or breaks a limit reads as malformed; it never throws on the sender's bytes.
/// </summary>
public ref struct BatchReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Opens a batch and reads its header.</summary>
    /// <param name="batch">What <see cref="BatchWriter.Complete"/> made.</param>
    public BatchReader(ReadOnlySpan<byte> batch)
    {
        if (batch.Length < BatchWriter.HeaderBytes || batch[0] != BatchWriter.Format)
        {
            IsMalformed = true;
            return;
        }

        Hops = batch[1];
        Remaining = BinaryPrimitives.ReadUInt16LittleEndian(batch[2..]);
        ViewVersion = BinaryPrimitives.ReadInt64LittleEndian(batch[4..]);
        _rest = batch[BatchWriter.HeaderBytes..];
    }

    /// <summary>Silos that have forwarded the batch already.</summary>
    public int Hops { get; }

    /// <summary>The sender's membership view.</summary>
    public long ViewVersion { get; }

    /// <summary>Operations not read yet.</summary>
    public int Remaining { get; private set; }

    /// <summary>Whether the bytes are no batch of this format. What was read before is good.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Reads the next operation.</summary>
    /// <returns><see langword="false"/> at the end, or if the batch is malformed.</returns>
    public bool TryRead(out PackedOperation operation)
    {
        operation = default;
        if (IsMalformed || Remaining == 0)
        {
            return false;
        }

        Remaining--;
        if (TryReadKey(out CacheOperation kind, out ReadOnlySpan<byte> key) && TryReadBody(kind, key, out operation))
        {
            return true;
        }

        IsMalformed = true;
        return false;
    }

    private bool TryReadKey(out CacheOperation kind, out ReadOnlySpan<byte> key)
    {
        kind = CacheOperation.None;
        key = default;
        if (_rest.Length < 3)
        {
            return false;
        }

        kind = (CacheOperation)_rest[0];
        int keyLength = BinaryPrimitives.ReadUInt16LittleEndian(_rest[1..]);
        if (keyLength is 0 or > WireLimits.MaxKeyBytes || _rest.Length - 3 < keyLength)
        {
            return false;
        }

        key = _rest.Slice(3, keyLength);
        _rest = _rest[(3 + keyLength)..];
        return true;
    }

    private bool TryReadBody(CacheOperation kind, ReadOnlySpan<byte> key, out PackedOperation operation)
    {
        operation = default;
        ReadOnlySpan<byte> body = _rest;
        switch (kind)
        {
            case CacheOperation.Get or CacheOperation.Delete:
                operation = new PackedOperation { Operation = kind, Key = key };
                return true;

            case CacheOperation.GetAndTouch or CacheOperation.Touch when body.Length >= 8:
                _rest = body[8..];
                operation = new PackedOperation
                {
                    Operation = kind,
                    Key = key,
                    Expiration = BinaryPrimitives.ReadInt64LittleEndian(body),
                };
                return true;

            case CacheOperation.Increment or CacheOperation.Decrement when body.Length >= 8:
                _rest = body[8..];
                operation = new PackedOperation
                {
                    Operation = kind,
                    Key = key,
                    Number = BinaryPrimitives.ReadUInt64LittleEndian(body),
                };
                return true;

            case (>= CacheOperation.Set and <= CacheOperation.CompareAndSet) or CacheOperation.CompareAndSetSliding:
                return TryReadStore(kind, key, out operation);

            case >= CacheOperation.ReadWith and <= CacheOperation.PutTagged:
                bool isGood = PackedOptions.TryRead(kind, key, body, out operation, out int length);
                _rest = body[length..];
                return isGood;

            default:
                return false;
        }
    }

    private bool TryReadStore(CacheOperation kind, ReadOnlySpan<byte> key, out PackedOperation operation)
    {
        operation = default;
        ReadOnlySpan<byte> body = _rest;
        int tailBytes = kind == CacheOperation.CompareAndSetSliding ? 8 : 0;
        if (body.Length < 24 + tailBytes)
        {
            return false;
        }

        int valueLength = BinaryPrimitives.ReadInt32LittleEndian(body[20..]);
        if (valueLength < 0 || body.Length - 24 - tailBytes < valueLength)
        {
            return false;
        }

        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(body[12..]);
        bool compares = kind is CacheOperation.CompareAndSet or CacheOperation.CompareAndSetSliding;
        long tail = tailBytes == 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(body[(24 + valueLength)..]);
        operation = new PackedOperation
        {
            Operation = compares ? CacheOperation.CompareAndSet : kind,
            Key = key,
            Expiration = BinaryPrimitives.ReadInt64LittleEndian(body),
            Flags = BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
            Number = compares ? number : 0,
            Window = compares ? tail : (long)number,
            Value = body.Slice(24, valueLength),
        };
        _rest = body[(24 + valueLength + tailBytes)..];
        return operation.Window >= 0;
    }
}
