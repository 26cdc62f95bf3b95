using Granary.Cache.Copies;
using Granary.Cache.Reports;
using Granary.Cache.Services;
using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Granary.Store;
using Granary.Store.Entries;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Services;

/// <summary>Long values by pages.</summary>
public sealed class TransferTableTests : IDisposable
{
    private const int MostTransfers = 256;
    private const int LongBytes = (2 * WireLimits.PageBytes) + 100; // three pages

    private static readonly byte[] Key = "key"u8.ToArray();

    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _store;
    private readonly TransferTable _transfers;

    public TransferTableTests()
    {
        _store = TestStore.Create(_time);
        ShardRegistry registry = TestShards.Create(_store, _time);
        registry[0].OpenAlone();
        _transfers = new TransferTable(registry, new ChangeWaits(registry, static () => { }, new OperationTimes(_time), _time), _time);
    }

    [Fact]
    public void Write_ByPages_IsReadByPages()
    {
        byte[] value = Value(LongBytes, seed: 1);

        Assert.Equal(CacheStatus.Success, Write(value).Status);

        Assert.Equal(value, ReadRest(OpenRead()));
    }

    [Fact]
    public void Read_WithOptions_DoesThemWhenItIsOpened()
    {
        Write(Value(LongBytes, seed: 1));
        _store.Delete(0, Key, new DeleteOptions { MarksStale = true, NewCas = 7 });
        var request = new PagedReadRequest
        {
            Key = Key,
            Expiration = 5000,
            Options = new OperationOptions { Bits = OperationBits.WantsValue | OperationBits.Touches },
        };

        PagedReadReply reply = _transfers.OpenRead(request);

        Assert.Equal((CacheStatus.Success, 7ul, LongBytes), (reply.Status, reply.Cas, reply.Length));
        Assert.Equal((StateBits.Stale | StateBits.Won, -1L), (reply.State.Bits, reply.State.SecondsLeft));
        EntryState state = _transfers.OpenRead(request).State;
        Assert.Equal((StateBits.Stale | StateBits.TokenOut | StateBits.Fetched, 5L), (state.Bits, state.SecondsLeft));
    }

    [Fact]
    public async Task Write_WithOptions_StoresByThemAsync()
    {
        byte[] value = Value(LongBytes, seed: 1);
        var request = new PagedWriteRequest
        {
            Operation = CacheOperation.Append,
            Key = Key,
            Length = value.Length,
            Page = value.AsMemory(0, WireLimits.PageBytes),
            Options = new OperationOptions { Bits = OperationBits.Creates, Mode = CacheOperation.Append, NewCas = 8 },
        };

        PagedWriteReply reply = await _transfers.OpenWriteAsync(request);
        for (int sent = WireLimits.PageBytes; reply.Status == CacheStatus.Continue; sent += WireLimits.PageBytes)
        {
            int length = Math.Min(WireLimits.PageBytes, value.Length - sent);
            reply = await _transfers.WritePageAsync(
                reply.Transfer, sent, new WireBytes(value.AsMemory(sent, length)));
        }

        Assert.Equal(new PagedWriteReply(CacheStatus.Success, 0, 8, LongBytes), reply);
        Assert.Equal(value, ReadRest(OpenRead()));
    }

    [Fact]
    public void Read_WhileTheEntryIsReplaced_StaysAsItWas()
    {
        byte[] before = Value(LongBytes, seed: 1);
        Write(before);
        PagedReadReply open = OpenRead();

        Write(Value(LongBytes, seed: 2));

        Assert.Equal(before, ReadRest(open));
    }

    [Fact]
    public void OpenRead_OfOnePage_NeedsNoTransfer()
    {
        byte[] value = Value(WireLimits.PageBytes, seed: 1);
        Assert.Equal(CacheStatus.Success, Write(value).Status);

        PagedReadReply reply = OpenRead();

        Assert.Equal(0, reply.Transfer);
        Assert.Equal(value, reply.Page.ToArray());
    }

    [Theory]
    [InlineData(10)] // one page
    [InlineData(20)] // two
    public void Write_ThatHasAWindow_ExpiresWhenNobodyReads(int length)
    {
        PagedWriteReply reply = _transfers.OpenWrite(new PagedWriteRequest
        {
            Operation = CacheOperation.Set,
            Key = Key,
            Length = length,
            Page = Value(10, seed: 1),
            Window = 1000,
        });
        if (reply.Status == CacheStatus.Continue)
        {
            reply = _transfers.WritePage(reply.Transfer, 10, new WireBytes(Value(10, seed: 2)));
        }

        Assert.Equal(CacheStatus.Success, reply.Status);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(CacheStatus.Success, OpenRead().Status);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(CacheStatus.Success, OpenRead().Status);
        _time.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.Equal(CacheStatus.NotFound, OpenRead().Status);
    }

    [Fact]
    public void OpenRead_OfAnAbsentKey_IsNotFound()
    {
        Assert.Equal(CacheStatus.NotFound, OpenRead().Status);
    }

    [Fact]
    public void Open_OfAClosedShard_IsNotOwner()
    {
        _store.Close(0);

        Assert.Equal(CacheStatus.NotOwner, OpenRead().Status);
        Assert.Equal(CacheStatus.NotOwner, OpenWrite(LongBytes, Value(10, seed: 1)).Status);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(LongBytes)]
    [InlineData(int.MaxValue)]
    public void ReadPage_OutsideTheValue_IsEmpty(int offset)
    {
        Write(Value(LongBytes, seed: 1));

        Assert.True(_transfers.ReadPage(OpenRead().Transfer, offset).Memory.IsEmpty);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(11)]
    public void WritePage_AtAWrongOffset_IsRefusedAndTheNextIsTaken(int offset)
    {
        PagedWriteReply open = OpenWrite(20, Value(10, seed: 1));

        PagedWriteReply wrong = _transfers.WritePage(open.Transfer, offset, new WireBytes(Value(10, seed: 2)));
        PagedWriteReply right = _transfers.WritePage(open.Transfer, 10, new WireBytes(Value(10, seed: 2)));

        Assert.Equal(CacheStatus.UnknownTransfer, wrong.Status);
        Assert.Equal(CacheStatus.Success, right.Status);
    }

    [Fact]
    public void WritePage_BehindTheEnd_IsRefused()
    {
        PagedWriteReply open = OpenWrite(20, Value(10, seed: 1));

        PagedWriteReply reply = _transfers.WritePage(open.Transfer, 10, new WireBytes(Value(11, seed: 2)));

        Assert.Equal(CacheStatus.UnknownTransfer, reply.Status);
        Assert.Equal(CacheStatus.NotFound, OpenRead().Status);
    }

    [Fact]
    public void Write_WhoseShardLeavesBeforeItsLastPage_IsTakenOutWholeAndOnce()
    {
        byte[] value = Value(20, seed: 1);
        long transfer = OpenWrite(20, value[..10]).Transfer;
        Assert.False(_transfers.TryTake(transfer, out _, out _)); // not whole
        _store.Close(0);

        PagedWriteReply reply = _transfers.WritePage(transfer, 10, new WireBytes(value.AsMemory(10)));
        bool isTaken = _transfers.TryTake(transfer, out PagedWriteRequest? request, out StagedValue? staged);

        Assert.Equal(CacheStatus.NotOwner, reply.Status);
        Assert.True(isTaken);
        Assert.Equal((CacheOperation.Set, 20), (request!.Operation, request.Length));
        byte[] whole = new byte[20];
        staged!.CopyTo(0, whole);
        staged.Dispose();
        Assert.Equal(value, whole);
        Assert.False(_transfers.TryTake(transfer, out _, out _));
    }

    [Fact]
    public void OpenWrite_OverTheLimit_IsTooLarge()
    {
        Assert.Equal(CacheStatus.TooLarge, OpenWrite(TestStore.MaxValueBytes + 1, Value(10, seed: 1)).Status);
        Assert.Equal(CacheStatus.TooLarge, OpenWrite(-1, []).Status);
    }

    [Fact]
    public void Pages_OfAnUnknownTransfer_AreRefused()
    {
        Assert.True(_transfers.ReadPage(99, 0).Memory.IsEmpty);
        Assert.Equal(CacheStatus.UnknownTransfer, _transfers.WritePage(99, 0, default).Status);
        _transfers.Close(99);
    }

    [Fact]
    public void Pages_AfterClose_AreRefused()
    {
        Write(Value(LongBytes, seed: 1));
        long transfer = OpenRead().Transfer;

        _transfers.Close(transfer);

        Assert.True(_transfers.ReadPage(transfer, WireLimits.PageBytes).Memory.IsEmpty);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void Transfer_IdleForSeconds_IsDroppedByTheNext(int seconds, bool kept)
    {
        Write(Value(LongBytes, seed: 1));
        long transfer = OpenRead().Transfer;

        _time.Advance(TimeSpan.FromSeconds(seconds));
        OpenRead();

        Assert.Equal(kept, !_transfers.ReadPage(transfer, WireLimits.PageBytes).Memory.IsEmpty);
    }

    [Fact]
    public void OpenRead_OfOneTooMany_HasNoRoomUntilOthersAreIdle()
    {
        Write(Value(LongBytes, seed: 1));
        for (int count = 0; count < MostTransfers; count++)
        {
            Assert.Equal(CacheStatus.Success, OpenRead().Status);
        }

        Assert.Equal(CacheStatus.NoRoom, OpenRead().Status);
        Assert.Equal(CacheStatus.NoRoom, OpenWrite(20, Value(10, seed: 1)).Status);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(CacheStatus.Success, OpenRead().Status);
    }

    public void Dispose() => _store.Dispose();

    private static byte[] Value(int length, int seed)
    {
        byte[] value = new byte[length];
        new Random(seed).NextBytes(value);
        return value;
    }

    private PagedReadReply OpenRead() => _transfers.OpenRead(new PagedReadRequest { Key = Key });

    private PagedWriteReply OpenWrite(int length, byte[] page) => _transfers.OpenWrite(
        new PagedWriteRequest { Operation = CacheOperation.Set, Key = Key, Length = length, Page = page });

    private PagedWriteReply Write(byte[] value)
    {
        int written = Math.Min(WireLimits.PageBytes, value.Length);
        PagedWriteReply reply = OpenWrite(value.Length, value[..written]);
        while (reply.Status == CacheStatus.Continue)
        {
            int length = Math.Min(WireLimits.PageBytes, value.Length - written);
            reply = _transfers.WritePage(reply.Transfer, written, new WireBytes(value.AsMemory(written, length)));
            written += length;
        }

        return reply;
    }

    private byte[] ReadRest(PagedReadReply open)
    {
        Assert.Equal(CacheStatus.Success, open.Status);
        List<byte> value = [.. open.Page.ToArray()];
        while (value.Count < open.Length)
        {
            ReadOnlyMemory<byte> page = _transfers.ReadPage(open.Transfer, value.Count).Memory;
            Assert.False(page.IsEmpty);
            value.AddRange(page.ToArray());
        }

        return [.. value];
    }
}
