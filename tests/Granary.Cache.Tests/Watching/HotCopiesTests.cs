using System.Text;
using Granary.Cache.Watching;
using Granary.Watching;

namespace Granary.Cache.Tests.Watching;

/// <summary>The table of copies: what is kept, for how long, and how much.</summary>
public sealed class HotCopiesTests
{
    private const long Lifetime = 1000;
    private const int ValueBytes = 744; // with its key and what is added, 1,000 or so

    private readonly HotCopies _copies = new(maxCopies: 10, maxBytes: 100_000, Lifetime);
    private readonly SiloWatch _silo = new(Lifetime);
    private readonly ShardWatch _watch;

    public HotCopiesTests()
    {
        _silo.Heard(0);
        _watch = new ShardWatch(_silo);
    }

    [Fact]
    public void Copy_IsFoundByItsKey()
    {
        Keep(1);

        Assert.True(_copies.TryGet(1, KeyOf(1), out HotCopy? copy));
        Assert.Equal(ValueBytes, copy.Value.Length);
        Assert.False(_copies.TryGet(1, KeyOf(2), out _)); // another key of this hash
        Assert.False(_copies.TryGet(2, KeyOf(2), out _));
    }

    [Fact]
    public void Copy_Holds_UntilItsTimeIsOverOrItsSiloIsNotHeard()
    {
        Keep(1);
        Assert.True(_copies.TryGet(1, KeyOf(1), out HotCopy? copy));

        Assert.True(copy.Holds(Lifetime - 1));
        _silo.Heard(Lifetime);
        Assert.False(copy.Holds(Lifetime)); // that of the copy
        _silo.Lose();
        Assert.False(copy.Holds(0));
        _silo.Heard(0);
        _watch.End();
        Assert.False(copy.Holds(0));
    }

    [Theory]
    [InlineData(null, true)] // nothing was heard
    [InlineData(5UL, true)] // what was heard is what was read
    [InlineData(6UL, false)]
    [InlineData(0UL, false)] // it has gone
    public void Change_HeardDuringARead_DecidesByItsCas(ulong? heard, bool isKept)
    {
        HotRead read = _copies.Begin(1, _watch, term: 1, now: 0)!;
        if (heard is { } cas)
        {
            _copies.Changed(1, cas);
        }

        Assert.Equal(isKept, _copies.End(read, Copy(1, cas: 5)));
        Assert.Equal(isKept, _copies.TryGet(1, KeyOf(1), out _));
    }

    [Fact]
    public void Change_OfACopy_EndsItUnlessItIsTheNewOne()
    {
        Keep(1, cas: 5);

        Assert.False(_copies.Changed(1, cas: 5));
        Assert.True(_copies.TryGet(1, KeyOf(1), out _));
        Assert.True(_copies.Changed(1, cas: 6));
        Assert.False(_copies.TryGet(1, KeyOf(1), out _));
        Assert.Equal(0, _copies.Bytes);
    }

    // Somebody was answered with what is newer, or at least another: nobody after him is answered with this one.
    [Fact]
    public void PlainRead_ThatIsAnswered_EndsAnotherCopy_AndOneThatIsBeingRead()
    {
        Keep(1, cas: 5);
        _copies.Seen(1, cas: 5);
        Assert.True(_copies.TryGet(1, KeyOf(1), out _));

        _copies.Seen(1, cas: 6);
        Assert.False(_copies.TryGet(1, KeyOf(1), out _));

        HotRead read = _copies.Begin(1, _watch, term: 1, now: 0)!;
        _copies.Seen(1, cas: 7);
        _copies.Changed(1, cas: 6); // a message that is late
        Assert.False(_copies.End(read, Copy(1, cas: 6)));
        Assert.False(_copies.TryGet(1, KeyOf(1), out _));
    }

    [Fact]
    public void OwnChange_EndsTheCopy_AndOneThatIsBeingReadWhateverIsHeard()
    {
        Keep(1);
        Assert.True(_copies.Forget(1));
        Assert.False(_copies.TryGet(1, KeyOf(1), out _));

        HotRead read = _copies.Begin(1, _watch, term: 1, now: 0)!;
        _copies.Forget(1);
        _copies.Changed(1, cas: 5); // a message that is late

        Assert.False(_copies.End(read, Copy(1, cas: 5)));
        Assert.False(_copies.TryGet(1, KeyOf(1), out _));
    }

    [Fact]
    public void Tag_EndsWhatHasIt_AlsoWhatIsBeingRead()
    {
        Keep(1, tags: [7]);
        Keep(2, tags: [8]);
        HotRead read = _copies.Begin(3, _watch, term: 1, now: 0)!;

        _copies.TagDropped(7);

        Assert.False(_copies.TryGet(1, KeyOf(1), out _));
        Assert.True(_copies.TryGet(2, KeyOf(2), out _));
        Assert.False(_copies.End(read, Copy(3, tags: [7])));
    }

    [Fact]
    public void Clear_EndsEverything()
    {
        Keep(1);
        HotRead read = _copies.Begin(2, _watch, term: 1, now: 0)!;

        _copies.Clear();

        Assert.False(_copies.TryGet(1, KeyOf(1), out _));
        Assert.False(_copies.End(read, Copy(2)));
        Assert.Equal(0, _copies.Bytes);
    }

    [Fact]
    public void OneRead_IsUnderWayAtATime_UntilItIsTooLate()
    {
        HotRead first = _copies.Begin(1, _watch, term: 1, now: 0)!;
        Assert.Null(_copies.Begin(1, _watch, term: 1, now: Lifetime - 1));

        HotRead second = _copies.Begin(1, _watch, term: 1, now: Lifetime)!; // the first has never been answered

        Assert.False(_copies.End(first, Copy(1, cas: 5)));
        Assert.True(_copies.End(second, Copy(1, cas: 6)));
    }

    [Fact]
    public void Copies_AreBounded_AndMakeRoomWhenTheyHaveEnded()
    {
        for (ulong hash = 1; hash <= 20; hash++)
        {
            Keep(hash);
        }

        Assert.Equal(10, _copies.Count);
        Assert.False(_copies.TryGet(11, KeyOf(11), out _));

        Assert.NotNull(_copies.Begin(21, _watch, term: 1, now: Lifetime));
        Assert.Equal(1, _copies.Count);
        Assert.Equal(0, _copies.Bytes);
    }

    [Fact]
    public void Bytes_AreBounded()
    {
        var copies = new HotCopies(maxCopies: 1000, maxBytes: 5500, Lifetime);
        for (ulong hash = 1; hash <= 20; hash++)
        {
            HotRead read = copies.Begin(hash, _watch, term: 1, now: 0)!;
            Assert.Equal(hash <= 5, copies.End(read, Copy(hash)));
        }

        Assert.InRange(copies.Bytes, 5000, 5500);
    }

    private static byte[] KeyOf(ulong hash) => Encoding.UTF8.GetBytes($"k{hash}");

    private HotCopy Copy(ulong hash, ulong cas = 5, ulong[]? tags = null) => new()
    {
        Key = KeyOf(hash),
        Value = new byte[ValueBytes],
        Flags = 0,
        Cas = cas,
        Tags = tags ?? [],
        Watch = _watch,
        Term = 1,
        KeptUntil = Lifetime,
        ExpiresAt = long.MaxValue,
    };

    private void Keep(ulong hash, ulong cas = 5, ulong[]? tags = null)
    {
        if (_copies.Begin(hash, _watch, term: 1, now: 0) is { } read)
        {
            _copies.End(read, Copy(hash, cas, tags));
        }
    }
}
