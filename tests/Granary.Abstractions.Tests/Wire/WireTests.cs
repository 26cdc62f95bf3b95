using System.Buffers.Binary;
using CsCheck;
using Granary.Wire;

namespace Granary.Abstractions.Tests.Wire;

/// <summary>Packed batches and replies: what was written is read, and nothing that comes in throws.</summary>
public sealed class WireTests
{
    private sealed record Operation(
        CacheOperation Kind, byte[] Key, byte[] Value, uint Flags, long Expiration, ulong Number, long Window = 0);

    private static readonly Gen<Operation> Operations = Gen.Select(
        Gen.Int[1, 12],
        Gen.Byte.Array[1, 40],
        Gen.Byte.Array[0, 200],
        Gen.UInt,
        Gen.Long,
        Gen.ULong,
        Gen.Select(Gen.Bool, Gen.Long[1, long.MaxValue], static (has, window) => has ? window : 0),
        (kind, key, value, flags, expiration, number, window) => Normal(
            new Operation((CacheOperation)kind, key, value, flags, expiration, number, window)));

    [Fact]
    public void Batch_OfRandomOperations_ReadsAsWritten()
    {
        Gen.Select(Operations.Array[0, 20], Gen.Int[0, 255], Gen.Long).Sample((operations, hops, view) =>
        {
            var reader = new BatchReader(Pack(operations, hops, view));

            Assert.Equal(hops, reader.Hops);
            Assert.Equal(view, reader.ViewVersion);
            foreach (Operation expected in operations)
            {
                Assert.True(reader.TryRead(out PackedOperation operation));
                AssertEqual(expected, operation);
            }

            Assert.False(reader.TryRead(out _));
            Assert.False(reader.IsMalformed);
        });
    }

    [Fact]
    public void Batch_CutAnywhere_ReadsAPrefixAndIsMalformed()
    {
        Operation[] operations =
        [
            .. Enumerable.Range(1, 12).Select(kind => Normal(
                new Operation((CacheOperation)kind, [1, 2, 3], [4, 5, 6, 7], 8, -9, 10, kind % 2 * 11))),
            new Operation(CacheOperation.CompareAndSet, [1], [2], 3, 4, 5, 6),
        ];
        byte[] batch = Pack(operations, hops: 1, view: 2);

        for (int length = 0; length < batch.Length; length++)
        {
            var reader = new BatchReader(batch.AsSpan(0, length));
            int read = 0;
            for (; reader.TryRead(out PackedOperation operation); read++)
            {
                AssertEqual(operations[read], operation);
            }

            Assert.True(reader.IsMalformed, $"{length} of {batch.Length} bytes");
            Assert.True(read < operations.Length);
        }
    }

    [Fact]
    public void Readers_OfRandomBytes_NeverThrow()
    {
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            if (bytes.Length > 3)
            {
                bytes[0] = BatchWriter.Format; // or the header alone would be refused
                bytes[3] = 0;
            }

            var batch = new BatchReader(bytes);
            while (batch.TryRead(out _))
            {
            }

            var reply = new ReplyReader(bytes);
            while (reply.TryRead(out _))
            {
            }
        });
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(WireLimits.MaxKeyBytes, false)]
    [InlineData(WireLimits.MaxKeyBytes + 1, true)]
    public void Batch_WithAKeyOfLength_IsMalformedOutOfBounds(int keyLength, bool malformed)
    {
        var writer = new BatchWriter();
        writer.Add(CacheOperation.Get, new byte[keyLength]);

        var reader = new BatchReader(writer.Complete(0, 0).Span);

        Assert.Equal(!malformed, reader.TryRead(out _));
        Assert.Equal(malformed, reader.IsMalformed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(255)]
    public void Batch_WithAnUnknownOperation_IsMalformed(byte kind)
    {
        var writer = new BatchWriter();
        writer.Add((CacheOperation)kind, "key"u8);

        var reader = new BatchReader(writer.Complete(0, 0).Span);

        Assert.False(reader.TryRead(out _));
        Assert.True(reader.IsMalformed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void Batch_WithAWrongValueLength_IsMalformed(int valueLength)
    {
        byte[] batch = Pack([new Operation(CacheOperation.Set, [1], [1, 2, 3, 4], 0, 0, 0)], 0, 0);
        BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(batch.Length - 8), valueLength);

        var reader = new BatchReader(batch);

        Assert.False(reader.TryRead(out _));
        Assert.True(reader.IsMalformed);
    }

    [Fact]
    public void Batch_OfAnotherFormat_IsMalformed()
    {
        byte[] batch = Pack([], 0, 0);
        batch[0]++;

        Assert.True(new BatchReader(batch).IsMalformed);
    }

    // What is sent without a window is what older silos and clients know.
    [Theory]
    [InlineData(CacheOperation.Set, 0ul, 0L, "03 0100 6B FEFFFFFFFFFFFFFF 07000000 0000000000000000 01000000 76")]
    [InlineData(CacheOperation.Set, 0ul, 258L, "03 0100 6B FEFFFFFFFFFFFFFF 07000000 0201000000000000 01000000 76")]
    [InlineData(CacheOperation.CompareAndSet, 9ul, 0L, "08 0100 6B FEFFFFFFFFFFFFFF 07000000 0900000000000000 01000000 76")]
    [InlineData(
        CacheOperation.CompareAndSet,
        9ul,
        258L,
        "0D 0100 6B FEFFFFFFFFFFFFFF 07000000 0900000000000000 01000000 76 0201000000000000")]
    public void Store_Packed_IsTheseBytes(CacheOperation kind, ulong cas, long window, string bytes)
    {
        byte[] batch = Pack([new Operation(kind, "k"u8.ToArray(), "v"u8.ToArray(), 7, -2, cas, window)], 0, 0);

        Assert.Equal(bytes.Replace(" ", string.Empty, StringComparison.Ordinal), Convert.ToHexString(batch[12..]));
    }

    [Theory]
    [InlineData(CacheOperation.Set)]
    [InlineData(CacheOperation.CompareAndSet)]
    public void Batch_WithANegativeWindow_IsMalformed(CacheOperation kind)
    {
        var reader = new BatchReader(Pack([new Operation(kind, [1], [1], 0, 0, 0, -1)], 0, 0));

        Assert.False(reader.TryRead(out _));
        Assert.True(reader.IsMalformed);
    }

    [Fact]
    public void Fits_UntilTheLongestBatch_ThenNot()
    {
        var writer = new BatchWriter();
        byte[] value = new byte[WireLimits.MaxInlineValueBytes];

        while (writer.Fits(1, value.Length))
        {
            writer.Add(new PackedOperation { Operation = CacheOperation.Set, Key = [1], Value = value });
        }

        Assert.True(writer.Length <= WireLimits.MaxBatchBytes);
        int left = WireLimits.MaxBatchBytes - writer.Length - 35 - 1; // the most of a store's fixed bytes, and the key
        Assert.True(writer.Fits(1, left));
        Assert.False(writer.Fits(1, left + 1));
        writer.Add(new PackedOperation
        {
            Operation = CacheOperation.CompareAndSet,
            Key = [1],
            Value = value.AsSpan(0, left),
            Window = 1,
        });
        Assert.Equal(WireLimits.MaxBatchBytes, writer.Length);
    }

    [Fact]
    public void Fits_MostOperations_ThenNotOneMore()
    {
        var writer = new BatchWriter();
        for (int count = 0; count < WireLimits.MaxBatchOperations; count++)
        {
            Assert.True(writer.Fits(1, 0));
            writer.Add(CacheOperation.Get, [1]);
        }

        Assert.False(writer.Fits(1, 0));
    }

    [Fact]
    public void Reply_OfRandomAnswers_ReadsAsWrittenAndAgainAfterACopy()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 13], Gen.ULong, Gen.UInt, Gen.Byte.Array[0, 100]).Array[0, 20].Sample(answers =>
        {
            var writer = new ReplyWriter();
            foreach ((int shape, int status, ulong cas, uint flags, byte[] value) in answers)
            {
                Add(writer, shape, (CacheStatus)status, cas, flags, value);
            }

            byte[] reply = writer.ToArray(viewVersion: 7);
            var copy = new ReplyWriter();
            var reader = new ReplyReader(reply);
            Assert.Equal(7, reader.ViewVersion);
            Assert.Equal(answers.Length, reader.Remaining);
            foreach ((int shape, int status, ulong cas, uint flags, byte[] value) in answers)
            {
                Assert.True(reader.TryRead(out PackedReply answer));
                Assert.Equal(shape, reader.Shape);
                Assert.Equal((CacheStatus)status, answer.Status);
                Assert.Equal(shape == 0 ? 0 : cas, answer.Cas);
                Assert.Equal(shape == 2 ? flags : 0, answer.Flags);
                Assert.Equal(shape == 3 ? flags : 0, answer.Number);
                Assert.True(answer.Value.SequenceEqual(shape == 2 ? value : []));
                copy.Add(answer, reader.Shape);
            }

            Assert.False(reader.TryRead(out _));
            Assert.Equal(reply, copy.ToArray(viewVersion: 7));
        });
    }

    [Fact]
    public void Reply_CutAnywhere_ReadsAPrefix()
    {
        var writer = new ReplyWriter();
        for (int shape = 0; shape < 4; shape++)
        {
            Add(writer, shape, CacheStatus.Success, 1, 2, [3, 4, 5]);
        }

        byte[] reply = writer.ToArray(1);
        for (int length = 0; length < reply.Length; length++)
        {
            var reader = new ReplyReader(reply.AsSpan(0, length));
            int read = 0;
            while (reader.TryRead(out _))
            {
                read++;
            }

            Assert.True(read < 4, $"{length} of {reply.Length} bytes");
        }
    }

    private static void Add(ReplyWriter writer, int shape, CacheStatus status, ulong cas, uint flags, byte[] value)
    {
        switch (shape)
        {
            case 0:
                writer.Add(status);
                break;
            case 1:
                writer.AddStored(status, cas);
                break;
            case 2:
                writer.AddHit(status, cas, flags, value);
                break;
            default:
                writer.AddCount(status, cas, flags);
                break;
        }
    }

    // Without what the operation does not carry.
    private static Operation Normal(Operation operation) => operation.Kind switch
    {
        CacheOperation.Get or CacheOperation.Delete =>
            operation with { Value = [], Flags = 0, Expiration = 0, Number = 0, Window = 0 },
        CacheOperation.GetAndTouch or CacheOperation.Touch =>
            operation with { Value = [], Flags = 0, Number = 0, Window = 0 },
        CacheOperation.Increment or CacheOperation.Decrement =>
            operation with { Value = [], Flags = 0, Expiration = 0, Window = 0 },
        CacheOperation.CompareAndSet => operation,
        _ => operation with { Number = 0 },
    };

    private static byte[] Pack(Operation[] operations, int hops, long view)
    {
        var writer = new BatchWriter();
        foreach (Operation operation in operations)
        {
            writer.Add(new PackedOperation
            {
                Operation = operation.Kind,
                Key = operation.Key,
                Value = operation.Value,
                Flags = operation.Flags,
                Expiration = operation.Expiration,
                Number = operation.Number,
                Window = operation.Window,
            });
        }

        return writer.Complete(hops, view).ToArray();
    }

    private static void AssertEqual(Operation expected, in PackedOperation actual)
    {
        Assert.Equal(expected.Kind, actual.Operation);
        Assert.True(actual.Key.SequenceEqual(expected.Key));
        Assert.True(actual.Value.SequenceEqual(expected.Value));
        Assert.Equal(expected.Flags, actual.Flags);
        Assert.Equal(expected.Expiration, actual.Expiration);
        Assert.Equal(expected.Number, actual.Number);
        Assert.Equal(expected.Window, actual.Window);
    }
}
