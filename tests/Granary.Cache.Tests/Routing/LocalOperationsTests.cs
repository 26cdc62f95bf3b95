using System.Text;
using Granary.Cache.Tests.Doubles;
using Granary.Store;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Routing;

/// <summary>What each operation of a batch answers.</summary>
public sealed class LocalOperationsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _store;

    public LocalOperationsTests()
    {
        _store = TestStore.Create(_time, memoryBytes: 1 << 30);
        _store.Open(0);
        _store.Set("text", "abc"u8);
        _store.Set("number", "41"u8);
    }

    [Theory]
    [InlineData(CacheOperation.Get, "text", CacheStatus.Success, "abc")]
    [InlineData(CacheOperation.Get, "absent", CacheStatus.NotFound, null)]
    [InlineData(CacheOperation.GetAndTouch, "text", CacheStatus.Success, "abc")]
    [InlineData(CacheOperation.GetAndTouch, "absent", CacheStatus.NotFound, null)]
    [InlineData(CacheOperation.Touch, "text", CacheStatus.Success, "abc")]
    [InlineData(CacheOperation.Touch, "absent", CacheStatus.NotFound, null)]
    [InlineData(CacheOperation.Set, "text", CacheStatus.Success, "1")]
    [InlineData(CacheOperation.Set, "absent", CacheStatus.Success, "1")]
    [InlineData(CacheOperation.Add, "text", CacheStatus.NotStored, "abc")]
    [InlineData(CacheOperation.Add, "absent", CacheStatus.Success, "1")]
    [InlineData(CacheOperation.Replace, "text", CacheStatus.Success, "1")]
    [InlineData(CacheOperation.Replace, "absent", CacheStatus.NotStored, null)]
    [InlineData(CacheOperation.Append, "text", CacheStatus.Success, "abc1")]
    [InlineData(CacheOperation.Append, "absent", CacheStatus.NotStored, null)]
    [InlineData(CacheOperation.Prepend, "text", CacheStatus.Success, "1abc")]
    [InlineData(CacheOperation.Prepend, "absent", CacheStatus.NotStored, null)]
    [InlineData(CacheOperation.CompareAndSet, "text", CacheStatus.Exists, "abc")] // Number is no cas of it
    [InlineData(CacheOperation.CompareAndSet, "absent", CacheStatus.NotFound, null)]
    [InlineData(CacheOperation.Increment, "number", CacheStatus.Success, "1041")]
    [InlineData(CacheOperation.Increment, "text", CacheStatus.NotNumeric, "abc")]
    [InlineData(CacheOperation.Increment, "absent", CacheStatus.NotFound, null)]
    [InlineData(CacheOperation.Decrement, "number", CacheStatus.Success, "0 ")] // padded, as memcached does
    [InlineData(CacheOperation.Decrement, "text", CacheStatus.NotNumeric, "abc")]
    [InlineData(CacheOperation.Delete, "text", CacheStatus.Success, null)]
    [InlineData(CacheOperation.Delete, "absent", CacheStatus.NotFound, null)]
    public void Execute_Operation_AnswersAndLeaves(
        CacheOperation operation, string key, CacheStatus expected, string? left)
    {
        CacheStatus status = _store.Execute(Operation(operation, key));

        Assert.Equal(expected, status);
        CacheStatus found = _store.Execute(
            Operation(CacheOperation.Get, key), new ReplyWriter(), out string value, out _);
        Assert.Equal(left is null ? CacheStatus.NotFound : CacheStatus.Success, found);
        Assert.Equal(left ?? string.Empty, value);
    }

    [Theory]
    [InlineData(CacheOperation.Set, "text")]
    [InlineData(CacheOperation.Add, "absent")]
    [InlineData(CacheOperation.Replace, "text")]
    [InlineData(CacheOperation.CompareAndSet, "text")]
    public void Execute_OfAStoreThatHasAWindow_ExpiresWhenNobodyReads(CacheOperation operation, string key)
    {
        var reply = new ReplyWriter();
        _store.Execute(Operation(CacheOperation.Get, "text"), reply, out _, out _);
        new ReplyReader(reply.ToArray(0)).TryRead(out PackedReply found);
        Assert.Equal(CacheStatus.Success, _store.Execute(new PackedOperation
        {
            Operation = operation,
            Key = Encoding.UTF8.GetBytes(key),
            Number = found.Cas,
            Window = 1000,
        }));

        for (int read = 0; read < 3; read++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(999));
            Assert.Equal(CacheStatus.Success, _store.Get(key));
        }

        _time.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.Equal(CacheStatus.NotFound, _store.Get(key));
    }

    [Fact]
    public void Execute_OnAClosedShard_DoesNothing()
    {
        _store.Close(0);

        for (CacheOperation operation = CacheOperation.Get; operation <= CacheOperation.Delete; operation++)
        {
            Assert.Equal(CacheStatus.None, _store.Execute(Operation(operation, "text")));
        }

        _store.Open(0);
        Assert.Equal(CacheStatus.Success, _store.Get("text"));
    }

    [Fact]
    public void Increment_OfANumber_AnswersTheNewOne()
    {
        _store.Execute(Operation(CacheOperation.Increment, "number"), new ReplyWriter(), out _, out ulong number);

        Assert.Equal(1041UL, number);
    }

    [Fact]
    public void Set_OverTheLimit_IsTooLarge()
    {
        Assert.Equal(CacheStatus.TooLarge, _store.Set("long", new byte[TestStore.MaxValueBytes + 1]));
    }

    [Theory]
    [InlineData(WireLimits.MaxInlineValueBytes - 1, CacheStatus.Success)]
    [InlineData(WireLimits.MaxInlineValueBytes, CacheStatus.Success)]
    [InlineData(WireLimits.MaxInlineValueBytes + 1, CacheStatus.Paged)]
    [InlineData(TestStore.MaxValueBytes, CacheStatus.Paged)]
    public void Get_OfALongValue_IsPagedAboveTheInlineLimit(int length, CacheStatus expected)
    {
        _store.Set("long", new byte[length]);

        Assert.Equal(expected, _store.Get("long"));
    }

    [Fact]
    public void Get_IntoAFullReply_IsDeferred()
    {
        _store.Set("long", new byte[60_000]);
        var writer = new ReplyWriter();
        while (writer.Fits(60_000, following: 0))
        {
            Assert.Equal(CacheStatus.Success, _store.Execute(Operation(CacheOperation.Get, "long"), writer, out _, out _));
        }

        CacheStatus status = _store.Execute(Operation(CacheOperation.Get, "long"), writer, out _, out _);

        Assert.Equal(CacheStatus.Deferred, status);
        Assert.True(writer.ToArray(0).Length <= WireLimits.MaxBatchBytes);
    }

    public void Dispose() => _store.Dispose();

    private static PackedOperation Operation(CacheOperation operation, string key) => new()
    {
        Operation = operation,
        Key = System.Text.Encoding.UTF8.GetBytes(key),
        Value = operation is >= CacheOperation.Set and <= CacheOperation.CompareAndSet ? "1"u8 : default,
        Number = 1000,
    };
}
