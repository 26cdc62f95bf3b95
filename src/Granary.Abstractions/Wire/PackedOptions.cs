using System.Buffers.Binary;
using System.Numerics;

namespace Granary.Wire;

/// <summary>An operation with options as it lies in a batch, behind its key (drawn in <c>BatchWriter.cs</c>).</summary>
internal static class PackedOptions
{
    /// <summary>Most bytes without the value: eight numbers, a window, and the tags.</summary>
    public const int MaxFixedBytes = 4 + (NumberCount * sizeof(ulong)) + sizeof(int)
        + TagHeadBytes + (TagHash.MaxTags * sizeof(ulong));

    private const int TagHeadBytes = sizeof(long) + 1;

    private const int NumberCount = 8;

    public static int BytesOf(in PackedOperation operation)
    {
        Span<ulong> numbers = stackalloc ulong[NumberCount];
        int present = Collect(operation, numbers);
        return 4 + (BitOperations.PopCount((uint)present) * sizeof(ulong)) + sizeof(int) + operation.Value.Length
            + (operation.IsTagged ? TagHeadBytes + (operation.Options.Tags.Length * sizeof(ulong)) : 0);
    }

    public static void Write(Span<byte> target, in PackedOperation operation)
    {
        if (operation.IsTagged)
        {
            target = WriteTags(target, operation.Window, operation.Options.Tags.Span);
        }

        Span<ulong> numbers = stackalloc ulong[NumberCount];
        int present = Collect(operation, numbers);
        BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)operation.Options.Bits);
        target[2] = (byte)operation.Options.Mode;
        target[3] = (byte)present;
        target = target[4..];
        for (int index = 0; index < NumberCount; index++)
        {
            if ((present & (1 << index)) != 0)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target, numbers[index]);
                target = target[sizeof(ulong)..];
            }
        }

        BinaryPrimitives.WriteInt32LittleEndian(target, operation.Value.Length);
        operation.Value.CopyTo(target[sizeof(int)..]);
    }

    /// <summary>Reads the operation that some bytes begin with.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="key">Its key.</param>
    /// <param name="rest">What is behind that.</param>
    /// <param name="operation">The operation; its value lies in <paramref name="rest"/>.</param>
    /// <param name="length">Bytes that it takes of that.</param>
    public static bool TryRead(
        CacheOperation kind,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> rest,
        out PackedOperation operation,
        out int length)
    {
        operation = default;
        length = 0;
        if (rest.Length < 4)
        {
            return false;
        }

        if (kind == CacheOperation.PutTagged)
        {
            return TryReadTagged(key, rest, out operation, out length);
        }

        Span<ulong> numbers = stackalloc ulong[NumberCount];
        numbers.Clear();
        var bits = (OperationBits)BinaryPrimitives.ReadUInt16LittleEndian(rest);
        var mode = (CacheOperation)rest[2];
        int present = rest[3];
        ReadOnlySpan<byte> body = rest[4..];
        if (body.Length < (BitOperations.PopCount((uint)present) * sizeof(ulong)) + sizeof(int))
        {
            return false;
        }

        for (int index = 0; index < NumberCount; index++)
        {
            if ((present & (1 << index)) != 0)
            {
                numbers[index] = BinaryPrimitives.ReadUInt64LittleEndian(body);
                body = body[sizeof(ulong)..];
            }
        }

        int valueLength = BinaryPrimitives.ReadInt32LittleEndian(body);
        body = body[sizeof(int)..];
        if (valueLength < 0 || valueLength > body.Length || numbers[2] > uint.MaxValue || !IsKnown(kind, mode))
        {
            return false;
        }

        length = rest.Length - body.Length + valueLength;
        operation = new PackedOperation
        {
            Operation = kind,
            Key = key,
            Value = body[..valueLength],
            Expiration = (long)numbers[0],
            Number = numbers[1],
            Flags = (uint)numbers[2],
            Options = new OperationOptions
            {
                Bits = bits,
                Mode = mode,
                Creation = (long)numbers[3],
                Refresh = (long)numbers[4],
                Compare = numbers[5],
                NewCas = numbers[6],
                Initial = numbers[7],
            },
        };
        return true;
    }

    private static Span<byte> WriteTags(Span<byte> target, long window, ReadOnlySpan<ulong> tags)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, window);
        target[sizeof(long)] = (byte)tags.Length;
        target = target[TagHeadBytes..];
        foreach (ulong tag in tags)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target, tag);
            target = target[sizeof(ulong)..];
        }

        return target;
    }

    private static bool TryReadTagged(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> rest, out PackedOperation operation, out int length)
    {
        operation = default;
        length = 0;
        if (rest.Length < TagHeadBytes || rest[sizeof(long)] > TagHash.MaxTags)
        {
            return false;
        }

        long window = BinaryPrimitives.ReadInt64LittleEndian(rest);
        int end = TagHeadBytes + (rest[sizeof(long)] * sizeof(ulong));
        if (window < 0
            || rest.Length < end
            || !TryRead(CacheOperation.PutWith, key, rest[end..], out PackedOperation put, out int putLength))
        {
            return false;
        }

        ulong[] tags = new ulong[rest[sizeof(long)]];
        for (int tag = 0; tag < tags.Length; tag++)
        {
            tags[tag] = BinaryPrimitives.ReadUInt64LittleEndian(rest[(TagHeadBytes + (tag * sizeof(ulong)))..]);
        }

        length = end + putLength;
        operation = new PackedOperation
        {
            Operation = CacheOperation.PutWith,
            Key = key,
            Value = put.Value,
            Expiration = put.Expiration,
            Number = put.Number,
            Flags = put.Flags,
            Window = window,
            Options = put.Options with { Tags = tags },
        };
        return true;
    }

    private static bool IsKnown(CacheOperation kind, CacheOperation mode) => kind == CacheOperation.PutWith
        ? mode is >= CacheOperation.Set and <= CacheOperation.CompareAndSet
        : mode == CacheOperation.None;

    // Returns a bit for each that is not 0.
    private static int Collect(in PackedOperation operation, Span<ulong> numbers)
    {
        OperationOptions options = operation.Options;
        numbers[0] = (ulong)operation.Expiration;
        numbers[1] = operation.Number;
        numbers[2] = operation.Flags;
        numbers[3] = (ulong)options.Creation;
        numbers[4] = (ulong)options.Refresh;
        numbers[5] = options.Compare;
        numbers[6] = options.NewCas;
        numbers[7] = options.Initial;
        int present = 0;
        for (int index = 0; index < NumberCount; index++)
        {
            present |= numbers[index] != 0 ? 1 << index : 0;
        }

        return present;
    }
}
