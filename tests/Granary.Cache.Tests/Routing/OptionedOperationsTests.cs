using System.Text;
using Granary.Cache.Routing;
using Granary.Cache.Tests.Doubles;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Routing;

/// <summary>Operations with options, as they come in a batch.</summary>
public sealed class OptionedOperationsTests : IDisposable
{
    private static readonly byte[] Key = "key"u8.ToArray();
    private static readonly OperationOptions WithValue = new() { Bits = OperationBits.WantsValue };

    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _store;

    public OptionedOperationsTests()
    {
        _store = TestStore.Create(_time, memoryBytes: 1 << 30);
        _store.Open(0);
    }

    [Fact]
    public void Operations_InOneBatch_AreAnsweredByWhatTheyAsked()
    {
        var batch = new BatchWriter();
        var add = new OperationOptions { Mode = CacheOperation.Add, NewCas = 5 };
        var stale = new OperationOptions { Bits = OperationBits.MarksStale | OperationBits.Compares, Compare = 6 };
        batch.Add(Operation(CacheOperation.PutWith, add, "12", 7, 9000));
        batch.Add(Operation(CacheOperation.ReadWith, WithValue));
        batch.Add(Operation(CacheOperation.CountWith, new OperationOptions { Compare = 5, NewCas = 6 }, number: 100));
        batch.Add(Operation(CacheOperation.DeleteWith, stale));
        batch.Add(Operation(CacheOperation.ReadWith, WithValue));
        batch.Add(Operation(CacheOperation.DeleteWith, new OperationOptions { Bits = OperationBits.Compares, Compare = 6 }));

        string[] answers = Execute(batch.Complete(0, 0).Span);

        Assert.Equal(
            [
                "Success c5 n0 f0 [] None left 0 of 2",
                "Success c5 n0 f7 [12] None left 9 of 2",
                "Success c6 n112 f0 [] None left 9 of 0",
                "Success c0 n0 f0 [] None left 0 of 0",
                "Success c# n0 f7 [112] Stale, Won left 9 of 3",
                "Exists c0 n0 f0 [] None left 0 of 0",
            ],
            answers);
    }

    [Theory]
    [InlineData(WireLimits.MaxInlineValueBytes, CacheStatus.Success)]
    [InlineData(WireLimits.MaxInlineValueBytes + 1, CacheStatus.Paged)]
    public void Read_OfAnOverLongValue_DoesNothingBeforeItIsOpened(int length, CacheStatus status)
    {
        _store.Set("key", new byte[length]);
        _store.Delete(0, Key, new DeleteOptions { MarksStale = true });
        var options = new OperationOptions { Bits = OperationBits.WantsValue | OperationBits.Touches };

        PackedReply reply = ExecuteOne(Operation(CacheOperation.ReadWith, options, expiration: 5000), new ReplyWriter(), 0);

        Assert.Equal(status, reply.Status);
        reply = ExecuteOne(Operation(CacheOperation.ReadWith, default), new ReplyWriter(), 0);
        bool isDone = status == CacheStatus.Success;
        Assert.Equal((isDone, isDone ? 5 : -1), (reply.State.Has(StateBits.TokenOut), reply.State.SecondsLeft));
    }

    [Fact]
    public void Read_WhoseValueDoesNotFitIntoTheReply_IsDeferredAndDoesNothing()
    {
        _store.Set("key", new byte[60_000]);
        _store.Delete(0, Key, new DeleteOptions { MarksStale = true });
        var full = new ReplyWriter();
        while (full.FitsState(60_000, following: 1))
        {
            full.AddHit(CacheStatus.Success, 0, 0, new byte[50_000]);
        }

        var options = new OperationOptions { Bits = OperationBits.WantsValue };
        Assert.Equal(CacheStatus.Deferred, ExecuteOne(Operation(CacheOperation.ReadWith, options), full, 1).Status);

        Assert.True(ExecuteOne(Operation(CacheOperation.ReadWith, default), new ReplyWriter(), 0).State.Has(StateBits.Won));
    }

    [Fact]
    public void Operation_WhoseAnswerDoesNotFit_IsDeferred()
    {
        var full = new ReplyWriter();
        while (full.FitsState(0, following: 0))
        {
            full.AddHit(CacheStatus.Success, 0, 0, new byte[10]);
        }

        var put = Operation(CacheOperation.PutWith, new OperationOptions { Mode = CacheOperation.Set }, "v");
        Assert.Equal(CacheStatus.Deferred, ExecuteOne(put, full, 0).Status);
        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    [Theory]
    [InlineData(CacheOperation.ReadWith)]
    [InlineData(CacheOperation.PutWith)]
    [InlineData(CacheOperation.DeleteWith)]
    [InlineData(CacheOperation.CountWith)]
    public void Operation_OnAClosedShard_DoesNothing(CacheOperation kind)
    {
        _store.Close(0);
        var options = new OperationOptions
        {
            Mode = kind == CacheOperation.PutWith ? CacheOperation.Set : CacheOperation.None,
            Bits = OperationBits.Creates,
        };

        Assert.False(LocalOperations.TryExecute(_store, Operation(kind, options), new ReplyWriter(), 0));
        _store.Open(0);
        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    public void Dispose() => _store.Dispose();

    private static PackedOperation Operation(
        CacheOperation kind,
        OperationOptions options,
        string value = "",
        uint flags = 0,
        long expiration = 0,
        ulong number = 0) => new()
        {
            Operation = kind,
            Key = Key,
            Value = Encoding.ASCII.GetBytes(value),
            Flags = flags,
            Expiration = expiration,
            Number = number,
            Options = options,
        };

    private string[] Execute(ReadOnlySpan<byte> batch)
    {
        var writer = new ReplyWriter();
        var reader = new BatchReader(batch);
        while (reader.TryRead(out PackedOperation operation))
        {
            Assert.True(LocalOperations.TryExecute(_store, operation, writer, reader.Remaining));
        }

        Assert.False(reader.IsMalformed);
        var answers = new List<string>();
        var replies = new ReplyReader(writer.ToArray(0));
        while (replies.TryRead(out PackedReply reply))
        {
            string cas = reply.Cas > 1000 ? "#" : $"{reply.Cas}";
            answers.Add($"{reply.Status} c{cas} n{reply.Number} f{reply.Flags} [{Encoding.ASCII.GetString(reply.Value)}] "
                + $"{reply.State.Bits} left {reply.State.SecondsLeft} of {reply.State.ValueLength}");
        }

        return [.. answers];
    }

    private PackedReply ExecuteOne(in PackedOperation operation, ReplyWriter writer, int following)
    {
        Assert.True(LocalOperations.TryExecute(_store, operation, writer, following));
        var replies = new ReplyReader(writer.ToArray(0));
        PackedReply last = default;
        while (replies.TryRead(out PackedReply reply))
        {
            last = reply;
        }

        return last;
    }
}
