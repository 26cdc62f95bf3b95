using Granary.Store.Entries;
using Granary.Store.Tests.Model;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Store.Tests.Entries;

/// <summary>Entries expire by the time that passes, not by what the machine's clock says.</summary>
public sealed class StoreClockTests
{
    private readonly SetClock _clock = new();

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Entry_AfterTheClockWasSet_LivesAsLongAsItWasToLive(int hours)
    {
        using var store = new CacheStore(new StoreOptions { MemoryLimitBytes = 8 << 20, ShardCount = 1 }, _clock);
        store.Open(0);
        store.Put(0, PutMode.Set, "key"u8, "value"u8, 0, Expiration.AfterMilliseconds(1000), 0, out _);

        _clock.Ahead = TimeSpan.FromHours(hours);
        _clock.Time.Advance(TimeSpan.FromMilliseconds(999));
        StoreResult before = Get(store);
        _clock.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(StoreResult.Success, before);
        Assert.Equal(StoreResult.NotFound, Get(store));
    }

    private static StoreResult Get(CacheStore store)
    {
        var sink = default(ValueSink);
        return store.Get(0, "key"u8, ref sink);
    }

    // The time of day jumps, what is measured does not.
    private sealed class SetClock : TimeProvider
    {
        public FakeTimeProvider Time { get; } = new();

        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => Time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Time.GetUtcNow() + Ahead;

        public override long GetTimestamp() => Time.GetTimestamp();
    }
}
