using CsCheck;
using Granary.Wire;

namespace Granary.Abstractions.Tests.Wire;

/// <summary>Operations with options and their answers: what was written is read.</summary>
public sealed class OptionsWireTests
{
    private sealed record Numbers(
        long Expiration, ulong Number, uint Flags, long Creation, long Refresh, ulong Compare, ulong NewCas, ulong Initial);

    private static readonly Gen<ulong> Sparse = Gen.Select(Gen.Bool, Gen.ULong, static (has, number) => has ? number : 0);

    private static readonly Gen<Numbers> AllNumbers = Sparse.Array[8].Select(static numbers => new Numbers(
        (long)numbers[0], numbers[1], (uint)numbers[2], (long)numbers[3], (long)numbers[4], numbers[5], numbers[6], numbers[7]));

    [Fact]
    public void Batch_OfOperationsWithOptions_ReadsAsWritten()
    {
        Gen.Select(Gen.Int[20, 23], Gen.Int[3, 8], Gen.UShort, AllNumbers, Gen.Byte.Array[0, 200]).Sample(
            static (kind, mode, bits, numbers, value) =>
            {
                PackedOperation expected = Make((CacheOperation)kind, (CacheOperation)mode, bits, numbers, value);
                var writer = new BatchWriter();
                writer.Add(expected);
                writer.Add(CacheOperation.Get, "next"u8);

                var reader = new BatchReader(writer.Complete(1, 2).Span);
                Assert.True(reader.TryRead(out PackedOperation read));
                AssertEqual(expected, read);
                Assert.True(reader.TryRead(out PackedOperation next));
                Assert.True(next.Key.SequenceEqual("next"u8));
                Assert.False(reader.IsMalformed);
            });
    }

    [Fact]
    public void Batch_OfTaggedStores_ReadsAsWritten()
    {
        Gen.Select(Gen.ULong.Array[0, TagHash.MaxTags], Gen.Long[0, 1L << 40], AllNumbers, Gen.Byte.Array[0, 200]).Sample(
            static (tags, window, numbers, value) =>
            {
                PackedOperation expected = Tag(
                    Make(CacheOperation.PutWith, CacheOperation.Set, 1, numbers, value), tags, window);
                var writer = new BatchWriter();
                writer.Add(expected);
                writer.Add(CacheOperation.Get, "next"u8);

                var reader = new BatchReader(writer.Complete(1, 2).Span);
                Assert.True(reader.TryRead(out PackedOperation read));
                AssertEqual(Tag(expected, [], window), Tag(read, [], window));
                Assert.Equal(tags, read.Options.Tags.ToArray());
                Assert.Equal((window, tags.Length > 0 || window > 0 ? 2 : 1), (read.Window, read.Level));
                Assert.True(reader.TryRead(out PackedOperation next));
                Assert.True(next.Key.SequenceEqual("next"u8));
            });
    }

    [Fact]
    public void Batch_CutAnywhere_IsMalformed()
    {
        var writer = new BatchWriter();
        writer.Add(Tag(Make(CacheOperation.PutWith, CacheOperation.Add, 7, new Numbers(1, 2, 3, 4, 5, 6, 7, 8), [1, 2, 3]), [9], 5));
        byte[] tagged = writer.Complete(0, 0).ToArray();
        for (int length = 0; length < tagged.Length; length++)
        {
            var reader = new BatchReader(tagged.AsSpan(0, length));
            Assert.False(reader.TryRead(out _));
            Assert.True(reader.IsMalformed);
        }

        writer.Clear();
        writer.Add(Make(CacheOperation.PutWith, CacheOperation.Add, 7, new Numbers(1, 2, 3, 4, 5, 6, 7, 8), [1, 2, 3]));
        byte[] batch = writer.Complete(0, 0).ToArray();

        for (int length = 0; length < batch.Length; length++)
        {
            var reader = new BatchReader(batch.AsSpan(0, length));
            Assert.False(reader.TryRead(out _));
            Assert.True(reader.IsMalformed);
        }
    }

    [Theory]
    [InlineData(CacheOperation.PutWith, CacheOperation.None)]
    [InlineData(CacheOperation.PutWith, CacheOperation.Increment)]
    [InlineData(CacheOperation.ReadWith, CacheOperation.Set)]
    public void Batch_OfAModeThatThereIsNot_IsMalformed(CacheOperation kind, CacheOperation mode)
    {
        var writer = new BatchWriter();
        writer.Add(new PackedOperation { Operation = kind, Key = "key"u8, Options = new OperationOptions { Mode = mode } });
        var reader = new BatchReader(writer.Complete(0, 0).Span);

        Assert.False(reader.TryRead(out _));
        Assert.True(reader.IsMalformed);
    }

    [Fact]
    public void Reply_OfAState_ReadsAsWrittenAndIsMalformedIfItIsCut()
    {
        var state = new EntryState
        {
            Bits = StateBits.Stale | StateBits.Won,
            SecondsLeft = -1,
            SecondsUnused = 1L << 40,
            ValueLength = 7,
            RecordBytes = 8,
        };
        var writer = new ReplyWriter();
        writer.AddState(new PackedReply
        {
            Status = CacheStatus.Success,
            Cas = ulong.MaxValue,
            Flags = uint.MaxValue,
            Number = 3,
            Value = "value"u8,
            State = state,
        });
        byte[] first = writer.ToArray(5);
        var reader = new ReplyReader(first);
        Assert.True(reader.TryRead(out PackedReply again));
        writer.Clear();
        writer.Add(again, reader.Shape);

        byte[] bytes = writer.ToArray(5);
        Assert.Equal(first, bytes);
        reader = new ReplyReader(bytes);
        Assert.True(reader.TryRead(out PackedReply reply));
        Assert.Equal((ulong.MaxValue, uint.MaxValue, 3ul, state), (reply.Cas, reply.Flags, reply.Number, reply.State));
        Assert.True(reply.Value.SequenceEqual("value"u8));
        for (int length = 12; length < bytes.Length; length++)
        {
            Assert.False(new ReplyReader(bytes.AsSpan(0, length)).TryRead(out _));
        }
    }

    private static PackedOperation Tag(in PackedOperation put, ulong[] tags, long window) => new()
    {
        Operation = put.Operation,
        Key = put.Key,
        Value = put.Value,
        Expiration = put.Expiration,
        Number = put.Number,
        Flags = put.Flags,
        Window = window,
        Options = put.Options with { Tags = tags },
    };

    private static PackedOperation Make(CacheOperation kind, CacheOperation mode, ushort bits, Numbers numbers, byte[] value) =>
        new()
        {
            Operation = kind,
            Key = new byte[] { 1, 2, 3 },
            Value = value,
            Expiration = numbers.Expiration,
            Number = numbers.Number,
            Flags = numbers.Flags,
            Options = new OperationOptions
            {
                Bits = (OperationBits)bits,
                Mode = kind == CacheOperation.PutWith ? mode : CacheOperation.None,
                Creation = numbers.Creation,
                Refresh = numbers.Refresh,
                Compare = numbers.Compare,
                NewCas = numbers.NewCas,
                Initial = numbers.Initial,
            },
        };

    private static void AssertEqual(in PackedOperation expected, in PackedOperation actual)
    {
        Assert.Equal(expected.Operation, actual.Operation);
        Assert.True(expected.Key.SequenceEqual(actual.Key) && expected.Value.SequenceEqual(actual.Value));
        Assert.Equal((expected.Expiration, expected.Number, expected.Flags), (actual.Expiration, actual.Number, actual.Flags));
        Assert.Equal(expected.Options, actual.Options);
    }
}
