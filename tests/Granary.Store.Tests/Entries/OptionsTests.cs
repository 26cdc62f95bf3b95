using System.Text;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Entries;

/// <summary>
/// Operations with options, of values that lie in one piece and of long ones. What they say to clients is tested where that is
/// written.
/// </summary>
public sealed class OptionsTests : IDisposable
{
    private const int LongBytes = 500_000; // over half a segment
    private const EntryMarks StaleAndOut = EntryMarks.Stale | EntryMarks.TokenOut;

    private readonly StoreDriver _driver = new();

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Read_WithAllOptions_HandsTheEntryAsItWas(int length)
    {
        Put(length, new PutOptions { Flags = 7, Expiration = Expiration.AfterMilliseconds(50_000), NewCas = 99 });
        _driver.Time.Advance(TimeSpan.FromSeconds(3));
        _driver.Store.Sweep(0);

        DetailSink sink = Read(new ReadOptions
        {
            WantsValue = true,
            WantsUse = true,
            Touch = Expiration.AfterMilliseconds(9000),
            Refresh = Expiration.AfterMilliseconds(60_000),
        });

        Assert.Equal(new EntryInfo(length, 7, 99, _driver.Now + 47_000), sink.Details.Entry);
        Assert.Equal((EntryMarks.None, 3, true), (sink.Details.Marks, sink.Details.SecondsUnused, sink.Details.HasWon));
        Assert.Equal((length, length == LongBytes), (sink.Value!.Length, sink.WasPinned));
        Assert.Equal(_driver.Now + 9000, _driver.Read("key").Entry.ExpiresAt);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Read_ThatIsDeclined_ChangesNothing(int length)
    {
        Put(length, default);
        _driver.Store.Delete(0, "key"u8, new DeleteOptions { MarksStale = true });
        var sink = new DetailSink(declines: true);
        var options = new ReadOptions { WantsValue = true, Touch = Expiration.AfterMilliseconds(1) };

        Assert.Equal(StoreResult.Declined, _driver.Store.Read(0, "key"u8, options, ref sink));

        Assert.Equal(0, _driver.Store.GetStatistics().Hits);
        EntryDetails details = Read(default).Details;
        Assert.Equal((EntryMarks.Stale, true, 0), (details.Marks, details.HasWon, details.Entry.ExpiresAt));
    }

    [Fact]
    public void Read_ThatIsNoUse_DoesNotPutTheExpiryOff()
    {
        _driver.Set("key", "value", expiration: Expiration.Never.Sliding(1000));
        long expiresAt = _driver.Now + 1000;
        _driver.Time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Equal(expiresAt, Read(new ReadOptions { IsNoUse = true }).Details.Entry.ExpiresAt);
        Assert.Equal(expiresAt, Read(new ReadOptions { IsNoUse = true }).Details.Entry.ExpiresAt);
        Read(default);
        Assert.Equal(_driver.Now + 1000, Read(default).Details.Entry.ExpiresAt);
    }

    [Fact]
    public void Read_ThatIsInspection_IsNeitherHitNorMiss()
    {
        var options = new ReadOptions { IsNoUse = true, IsInspection = true };
        Assert.Equal(StoreResult.NotFound, TryRead(options, out _));
        _driver.Set("key", "value");

        Read(options);

        StoreStatistics statistics = _driver.Store.GetStatistics();
        Assert.Equal((0, 0), (statistics.Hits, statistics.Misses));
    }

    [Fact]
    public void Read_ThatCreates_IsAHitAndAStore()
    {
        EntryDetails details = Read(new ReadOptions { Creation = Expiration.AfterMilliseconds(500) }).Details;

        Assert.True(details is { IsCreated: true, HasWon: true, Marks: EntryMarks.None });
        StoreStatistics statistics = _driver.Store.GetStatistics();
        Assert.Equal((1, 0, 1), (statistics.Hits, statistics.Misses, statistics.Stores));
        Assert.Equal(_driver.Now + 500, _driver.Read("key").Entry.ExpiresAt);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Delete_ThatMarksStale_KeepsValueAndFlags(int length)
    {
        ulong cas = Put(length, new PutOptions { Flags = 3 }).Cas;
        var options = new DeleteOptions
        {
            Compare = cas,
            MarksStale = true,
            NewCas = 5,
            Touch = Expiration.AfterMilliseconds(1000),
        };

        Assert.Equal(StoreResult.Success, _driver.Store.Delete(0, "key"u8, options));
        Assert.Equal(StoreResult.Exists, _driver.Store.Delete(0, "key"u8, options));

        DetailSink sink = Read(new ReadOptions { WantsValue = true });
        Assert.Equal((EntryMarks.Stale, true), (sink.Details.Marks, sink.Details.HasWon));
        Assert.Equal(new EntryInfo(length, 3, 5, _driver.Now + 1000), sink.Details.Entry);
        Assert.Equal(length, sink.Value!.Length);
        _driver.Store.Delete(0, "key"u8, new DeleteOptions { MarksStale = true });
        Assert.True(_driver.Read("key").Entry.Cas > 1_000_000);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Delete_ThatDropsTheValue_KeepsTheCas(int length)
    {
        ulong cas = Put(length, new PutOptions { Flags = 3, Expiration = Expiration.AfterMilliseconds(1000) }).Cas;
        long used = _driver.Store.GetStatistics().EntryBytes;

        Assert.Equal(StoreResult.Success, _driver.Store.Delete(0, "key"u8, new DeleteOptions { DropsValue = true }));

        Assert.Equal(new EntryInfo(0, 0, cas, 0), _driver.Read("key").Entry);
        Assert.InRange(used - _driver.Store.GetStatistics().EntryBytes, length - 16, length + 40);
        _driver.Store.Delete(0, "key"u8, new DeleteOptions { DropsValue = true, NewCas = 8, Flags = 4 });
        Assert.Equal(new EntryInfo(0, 4, 8, 0), _driver.Read("key").Entry);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Put_ThatComesTooLate_IsStaleAndKeepsTheExpiration(int length)
    {
        Put(length, new PutOptions { NewCas = 100, Expiration = Expiration.AfterMilliseconds(1000).Sliding(900) });
        long expiresAt = _driver.Now + 900;
        _driver.Store.Delete(0, "key"u8, new DeleteOptions { MarksStale = true, NewCas = 200 });
        Assert.True(Read(new ReadOptions { IsNoUse = true }).Details.HasWon);
        var late = new PutOptions
        {
            Mode = PutMode.CompareAndSet,
            Compare = 100,
            AcceptsStale = true,
            Flags = 6,
            Expiration = Expiration.AfterMilliseconds(9000),
        };

        PutOutcome outcome = Put(length, late);

        EntryDetails details = Read(new ReadOptions { IsNoUse = true }).Details;
        Assert.Equal((StaleAndOut, false), (details.Marks, details.HasWon));
        Assert.Equal(new EntryInfo(length, 6, outcome.Cas, expiresAt), details.Entry);
        Assert.Equal(StoreResult.Exists, TryPut(length, late with { Compare = outcome.Cas + 1 }, out _));
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(5, LongBytes)]
    [InlineData(LongBytes, 5)]
    [InlineData(LongBytes - 300_000, LongBytes)]
    public void Append_WithOptions_ComparesAndHasItsCas(int first, int second)
    {
        var options = new PutOptions { Mode = PutMode.Append, Creation = Expiration.AfterMilliseconds(1000), Flags = 4 };
        Assert.Equal(StoreResult.NotStored, TryPut(first, options with { Creation = null }, out _));
        PutOutcome outcome = Put(first, options with { NewCas = 50 });
        Assert.Equal(new PutOutcome(50, first), outcome);
        Assert.Equal(new EntryInfo(first, 4, 50, _driver.Now + 1000), _driver.Read("key").Entry);

        Assert.Equal(StoreResult.Exists, TryPut(second, options with { Compare = 51 }, out _));
        outcome = Put(second, options with { Compare = 50, NewCas = 60, HasBinaryKey = true });

        Assert.Equal(new PutOutcome(60, first + second), outcome);
        EntryDetails details = Read(default).Details;
        Assert.Equal(new EntryInfo(first + second, 4, 60, _driver.Now + 1000), details.Entry);
        Assert.Equal(EntryMarks.BinaryKey, details.Marks & EntryMarks.BinaryKey);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Put_OverMarks_ClearsThem(int length)
    {
        Put(length, new PutOptions { HasBinaryKey = true, NewCas = 9 });
        _driver.Store.Delete(0, "key"u8, new DeleteOptions { MarksStale = true });
        Read(default);

        PutOutcome outcome = Put(length, default);

        EntryDetails details = Read(default).Details;
        Assert.Equal((EntryMarks.None, outcome.Cas), (details.Marks, details.Entry.Cas));
        Assert.True(outcome.Cas > 1_000_000);
    }

    [Fact]
    public void Touch_OfAnEntryWithMarks_KeepsThem()
    {
        Put(5, new PutOptions { HasBinaryKey = true, NewCas = 9 });
        _driver.Store.Delete(0, "key"u8, new DeleteOptions { MarksStale = true, NewCas = 10 });

        _driver.Store.Touch(0, "key"u8, Expiration.AfterMilliseconds(1000));

        EntryDetails details = Read(default).Details;
        Assert.Equal(EntryMarks.Stale | EntryMarks.BinaryKey | EntryMarks.Fetched, details.Marks);
        Assert.Equal((10ul, _driver.Now + 1000), (details.Entry.Cas, details.Entry.ExpiresAt));
    }

    [Fact]
    public void Count_WithOptions_CreatesComparesAndTouches()
    {
        var options = new CountOptions { Delta = 7, Initial = 95, Creation = Expiration.AfterMilliseconds(1000), NewCas = 3 };
        Assert.Equal((StoreResult.Success, new CountOutcome(95, 3, 0, true)), Count(options));
        Assert.Equal((StoreResult.Exists, default), Count(options with { Compare = 4 }));

        (StoreResult result, CountOutcome outcome) = Count(options with { Compare = 3, NewCas = 0, Touch = Expiration.Never });

        Assert.Equal((StoreResult.Success, 102ul, _driver.Now + 1000), (result, outcome.Number, outcome.ExpiresAt));
        Assert.Equal(new EntryInfo(3, 0, outcome.Cas, 0), _driver.Read("key").Entry);
        Assert.Equal("102", _driver.Get("key"));
        Count(new CountOptions { Delta = 100, IsNegative = true, Touch = Expiration.AfterMilliseconds(500), NewCas = 8 });
        Assert.Equal(new EntryInfo(3, 0, 8, _driver.Now + 500), _driver.Read("key").Entry);
        Assert.Equal("2  ", _driver.Get("key"));
    }

    [Fact]
    public void Count_OfAStaleNumber_KeepsTheMarksInPlaceOnly()
    {
        _driver.Set("key", "98");
        _driver.Store.Delete(0, "key"u8, new DeleteOptions { MarksStale = true });

        Count(new CountOptions { Delta = 1 });
        Assert.Equal(EntryMarks.Stale, Read(new ReadOptions { IsNoUse = true, IsInspection = true }).Details.Marks);
        Count(new CountOptions { Delta = 1 });
        Assert.Equal(EntryMarks.None, Read(default).Details.Marks);
    }

    [Fact]
    public void GivenCas_OfAnyNumber_IsFlushedLikeOthers()
    {
        Put(5, new PutOptions { NewCas = ulong.MaxValue });
        _driver.Store.Flush(0, 0);
        Assert.Null(_driver.Get("key"));

        Put(5, new PutOptions { NewCas = 1 });
        Assert.Equal(1ul, _driver.Read("key").Entry.Cas);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(4095, 4095)]
    [InlineData(4096, 4096)]
    [InlineData(20_000, 20_000)]
    public void LastUse_WithNothingWrittenMeanwhile_IsExact(int seconds, long expected)
    {
        _driver.Set("key", "value");
        Pass(seconds);

        Assert.Equal(expected, Read(new ReadOptions { WantsUse = true }).Details.SecondsUnused);
    }

    [Fact]
    public void LastUse_WhileOthersAreWritten_IsExact()
    {
        _driver.Set("key", "value");
        for (int minute = 1; minute <= 300; minute++)
        {
            for (int number = 0; number < 50; number++)
            {
                _driver.Set($"key-{minute}-{number}", new string('x', 100));
            }

            Pass(60);
            Assert.Equal(minute * 60, Read(new ReadOptions { WantsUse = true, IsNoUse = true }).Details.SecondsUnused);
        }
    }

    public void Dispose() => _driver.Dispose();

    private void Pass(int seconds)
    {
        for (; seconds > 0; seconds -= 100)
        {
            _driver.Time.Advance(TimeSpan.FromSeconds(Math.Min(seconds, 100)));
            _driver.Store.Sweep(0);
        }
    }

    private PutOutcome Put(int length, in PutOptions options)
    {
        Assert.Equal(StoreResult.Success, TryPut(length, options, out PutOutcome outcome));
        return outcome;
    }

    private StoreResult TryPut(int length, in PutOptions options, out PutOutcome outcome) =>
        _driver.Store.Put(0, "key"u8, Encoding.ASCII.GetBytes(new string('v', length)), options, out outcome);

    private (StoreResult Result, CountOutcome Outcome) Count(in CountOptions options)
    {
        StoreResult result = _driver.Store.Count(0, "key"u8, options, out CountOutcome outcome);
        return (result, outcome);
    }

    private DetailSink Read(in ReadOptions options)
    {
        Assert.Equal(StoreResult.Success, TryRead(options, out DetailSink sink));
        return sink;
    }

    private StoreResult TryRead(in ReadOptions options, out DetailSink sink)
    {
        sink = new DetailSink();
        return _driver.Store.Read(0, "key"u8, options, ref sink);
    }
}
