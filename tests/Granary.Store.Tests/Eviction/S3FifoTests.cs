using Granary.Store.Entries;
using Granary.Store.Tests.Copies;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Eviction;

/// <summary>What stays and what leaves under S3-FIFO.</summary>
public sealed class S3FifoTests : IDisposable
{
    private const int BudgetBytes = 8 << 20;
    private const int ValueBytes = 1_000;
    private const int LongValueBytes = 100_000; // over more than one segment
    private const string Key = "it";

    // About as many as the budget holds.
    private const int Fill = 7_500;

    private readonly StoreDriver _driver = new(memoryLimitBytes: BudgetBytes, laneCount: 1, eviction: EvictionPolicy.S3Fifo);
    private int _fillers;

    private bool IsThere
    {
        get
        {
            var sink = default(DetailSink);
            var options = new ReadOptions { IsInspection = true, IsNoUse = true };
            return _driver.Store.Read(0, StoreDriver.Bytes(Key), options, ref sink) == StoreResult.Success;
        }
    }

    [Theory]
    [InlineData(ValueBytes, 0, false)]
    [InlineData(ValueBytes, 1, false)]
    [InlineData(ValueBytes, 2, true)]
    [InlineData(LongValueBytes, 0, false)]
    [InlineData(LongValueBytes, 1, false)]
    [InlineData(LongValueBytes, 2, true)]
    public void Entry_UsedSoOftenWhileItIsNew_StaysThroughAScan(int valueBytes, int uses, bool stays)
    {
        Put(valueBytes);
        Use(uses);

        Scan(3 * Fill);

        Assert.Equal(stays, IsThere);
    }

    [Theory]
    [InlineData(ValueBytes)]
    [InlineData(LongValueBytes)]
    public void Entry_StoredAgainSoonAfterItWasEvicted_StaysThroughAScan(int valueBytes)
    {
        Put(valueBytes);
        ScanUntilItIsGone();

        Put(valueBytes);
        Scan(3 * Fill);

        Assert.True(IsThere);
    }

    [Fact]
    public void Entry_StoredAgainLongAfterItWasEvicted_IsNew()
    {
        Put(ValueBytes);
        ScanUntilItIsGone();
        Scan(3 * Fill);

        Put(ValueBytes);
        Scan(3 * Fill);

        Assert.False(IsThere);
    }

    // Each round of the main queue takes one use, and there are three at most.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(9, 3)]
    public void Entry_UsedSoOftenInTheMainQueue_StaysForSoManyRounds(int uses, int rounds)
    {
        FillMain(2 * Fill);
        Put(ValueBytes);
        Use(2);
        FillMain(Fill / 5); // more than the small queue has: now it is in the main one
        Use(uses);
        int main = (int)(_driver.Store.GetStatistics().Entries * 9 / 10);

        FillMain((rounds * main) + (main / 2));
        Assert.True(IsThere);
        FillMain(main);

        Assert.False(IsThere);
    }

    [Theory]
    [InlineData(ValueBytes)] // in place
    [InlineData(2 * ValueBytes)]
    [InlineData(LongValueBytes)]
    public void Entry_OfTheMainQueueWrittenOver_StaysThroughAScan(int valueBytes)
    {
        Put(ValueBytes);
        Use(2);
        Scan(2 * Fill);

        Put(valueBytes);
        Scan(3 * Fill);

        Assert.True(IsThere);
    }

    // A write is a use, as under LRU; what a touch with an expiration writes anew is none beside its own.
    [Theory]
    [InlineData(2, 0, true)]
    [InlineData(1, 1, true)]
    [InlineData(1, 0, false)]
    [InlineData(0, 1, false)]
    public void Entry_WrittenOverOrTouchedWhileItIsNew_IsUsed(int writes, int touches, bool stays)
    {
        Put(ValueBytes);
        for (int write = 0; write < writes; write++)
        {
            Put(ValueBytes + (200 * (write + 1)));
        }

        for (int touch = 0; touch < touches; touch++)
        {
            _driver.Store.Touch(0, StoreDriver.Bytes(Key), Expiration.AfterMilliseconds(60_000));
        }

        Scan(3 * Fill);

        Assert.Equal(stays, IsThere);
    }

    // Its segment is emptied before any other, but not because of its age.
    [Theory]
    [InlineData(0)] // in the small queue
    [InlineData(2)] // in the main one, with no use there
    public void Entry_WhoseNeighboursWereDeleted_OutlivesThem(int uses)
    {
        const int Neighbours = 200;
        Put(ValueBytes);
        Use(uses);
        FillMain(Neighbours);
        Scan(uses == 0 ? 0 : 2 * Fill);
        for (int filler = 0; filler < Neighbours; filler++)
        {
            _driver.Store.Delete(0, StoreDriver.Bytes($"filler-{filler}"));
        }

        long evictions = _driver.Store.GetStatistics().Evictions;
        Scan(Fill + (Fill / 10));

        Assert.InRange(_driver.Store.GetStatistics().Evictions, evictions + 1, long.MaxValue);
        Assert.True(IsThere);
    }

    [Fact]
    public void Entries_OfAnotherStore_StayThroughAScanWhileThereIsRoom()
    {
        const int Copied = 2_000;
        using var source = new StoreDriver();
        for (int key = 0; key < Copied; key++)
        {
            source.Put(PutMode.Set, $"copied-{key}", new byte[ValueBytes]);
        }

        using var copy = new CopyDriver(source, BudgetBytes, eviction: EvictionPolicy.S3Fifo);
        copy.Drain();
        copy.Target.Store.Open(0);
        for (int key = 0; key < 3 * Fill; key++)
        {
            copy.Target.Put(PutMode.Set, $"scanned-{key}", new byte[ValueBytes]);
        }

        Assert.All(Enumerable.Range(0, Copied), key => Assert.NotNull(copy.Target.Get($"copied-{key}")));
    }

    public void Dispose() => _driver.Dispose();

    private void Put(int valueBytes) =>
        Assert.Equal(StoreResult.Success, _driver.Put(PutMode.Set, Key, new byte[valueBytes]));

    private void Use(int times)
    {
        for (int use = 0; use < times; use++)
        {
            Assert.NotNull(_driver.Get(Key));
        }
    }

    // New keys that nobody asks for.
    private void Scan(int count)
    {
        for (int key = 0; key < count; key++)
        {
            _driver.Put(PutMode.Set, $"filler-{_fillers++}", new byte[ValueBytes]);
        }
    }

    private void ScanUntilItIsGone()
    {
        for (int key = 0; key < 2 * Fill && IsThere; key++)
        {
            Scan(1);
        }

        Assert.False(IsThere);
    }

    // New keys that are used as soon as they are there: each goes to the main queue, and displaces another one there.
    private void FillMain(int count)
    {
        for (int key = 0; key < count; key++)
        {
            string filler = $"filler-{_fillers++}";
            _driver.Put(PutMode.Set, filler, new byte[ValueBytes]);
            _driver.Get(filler);
            _driver.Get(filler);
        }
    }
}
