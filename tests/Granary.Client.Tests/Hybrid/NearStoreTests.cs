using Granary.Client.Cache.Near;
using Granary.Watching;

namespace Granary.Client.Tests.Hybrid;

/// <summary>Values that a process keeps, and changes that are heard while they are read.</summary>
public sealed class NearStoreTests
{
    private const int EntryBytes = 1000; // of the value

    private readonly NearStore _store = new(maxEntries: 100, maxBytes: 20_000);
    private readonly ShardWatch _watch = new(new SiloWatch(1));

    [Theory]
    [InlineData(null, true)] // nothing was heard
    [InlineData(5UL, true)] // what was heard is what was read
    [InlineData(4UL, false)] // it may be newer, whatever its number
    [InlineData(6UL, false)]
    [InlineData(0UL, false)]
    public void Change_HeardDuringARead_DecidesByItsCas(ulong? heard, bool isKept)
    {
        _store.Begin(1);
        if (heard is { } cas)
        {
            _store.Changed(1, cas);
        }

        _store.End(1, Entry(1, cas: 5), _store.TagDrops);

        Assert.Equal(isKept, IsKept(1));
    }

    [Fact]
    public void LastChange_Counts()
    {
        _store.Begin(1);
        _store.Changed(1, 5);
        _store.Changed(1, 6);
        _store.Begin(1); // another reader
        _store.End(1, Entry(1, cas: 5), _store.TagDrops);
        Assert.False(IsKept(1));

        _store.End(1, Entry(1, cas: 6), _store.TagDrops);

        Assert.True(IsKept(1));
        Assert.False(_store.Changed(1, 6)); // that is what is kept
        Assert.True(IsKept(1));
        Assert.True(_store.Changed(1, 7));
        Assert.False(IsKept(1));
        Assert.Equal(0, _store.Bytes);
    }

    [Fact]
    public void Tag_TakesWhatHasIt_AlsoWhatIsBeingRead()
    {
        Keep(1, tags: [7]);
        Keep(2, tags: [8]);
        _store.Begin(3);
        long drops = _store.TagDrops;

        Assert.Equal(1, _store.TagDropped(7));

        _store.End(3, Entry(3, cas: 1, tags: [7]), drops);
        Assert.Equal((false, true, false), (IsKept(1), IsKept(2), IsKept(3)));
    }

    [Fact]
    public void Bytes_AreBounded()
    {
        for (ulong hash = 0; hash < 60; hash++)
        {
            Keep(hash);
            Assert.InRange(_store.Bytes, 1, 20_000);
        }

        Assert.InRange(_store.Count, 8, 19);
    }

    [Fact]
    public void Entries_AreBounded()
    {
        var store = new NearStore(maxEntries: 10, maxBytes: long.MaxValue);
        for (ulong hash = 0; hash < 1000; hash++)
        {
            store.Begin(hash);
            store.End(hash, Entry(hash, cas: 1), store.TagDrops);
        }

        Assert.InRange(store.Count, 1, 11);
        Assert.Equal(store.Count * Entry(0, 1).Bytes, store.Bytes);
    }

    [Fact]
    public void Key_ThatHasTheHashOfAnother_IsNotFound()
    {
        Keep(1);

        Assert.False(_store.TryGet(1, "other"u8, out _));
    }

    [Fact]
    public void Watch_EndsItsValues()
    {
        var silo = new SiloWatch(bound: 10);
        var watch = new ShardWatch(silo);
        Assert.False(watch.Holds(0)); // nothing was heard yet
        silo.Heard(100);
        Assert.Equal((true, false), (watch.Holds(109), watch.Holds(110)));

        watch.End();
        Assert.False(watch.Holds(105));

        var other = new ShardWatch(silo);
        Assert.True(other.Holds(105));
        silo.Lose();
        Assert.False(other.Holds(105));
    }

    private static byte[] KeyOf(ulong hash) => BitConverter.GetBytes(hash);

    private NearEntry Entry(ulong hash, ulong cas, ulong[]? tags = null) => new()
    {
        Key = KeyOf(hash),
        Value = new KeptValue(new byte[EntryBytes], 0),
        Watch = _watch,
        Cas = cas,
        Tags = tags ?? [],
        KeptUntil = long.MaxValue,
        ExpiresAt = long.MaxValue,
    };

    private void Keep(ulong hash, ulong[]? tags = null)
    {
        _store.Begin(hash);
        _store.End(hash, Entry(hash, cas: 1, tags), _store.TagDrops);
    }

    private bool IsKept(ulong hash) => _store.TryGet(hash, KeyOf(hash), out _);
}
