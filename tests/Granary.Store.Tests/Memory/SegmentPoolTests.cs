using Granary.Store.Entries;
using Granary.Store.Memory;

namespace Granary.Store.Tests.Memory;

/// <summary>What a pool holds when its budget changes.</summary>
public sealed unsafe class SegmentPoolTests : IDisposable
{
    private const int Reserve = 2;

    private readonly SegmentPool _pool = new(StoreOptions.SmallestMemoryLimitBytes, Reserve);

    [Fact]
    public void Shrink_OfWhatWasUsed_GivesItsMemoryBack()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere memory is not given back.");
        Fill();
        int last = _pool.Count - 1;
        Assert.False(_pool.TryShrink());
        _pool.FreeChain(last);
        Assert.False(_pool.TryShrink()); // the evictor's reserve stays
        _pool.FreeChain(0);
        _pool.FreeChain(1);
        Assert.Equal(0xFF, *_pool.Address(1));

        Assert.True(_pool.TryShrink());

        Assert.Equal(last, _pool.Count);
        Assert.Equal(0, *_pool.Address(1)); // the one that was freed last
        Assert.Equal(0xFF, *_pool.Address(0));
    }

    [Fact]
    public void Take_AfterShrinkAndGrowth_UsesWhatIsHeldThenWhatWasGivenBackThenWhatIsNew()
    {
        Fill();
        int count = _pool.Count;
        for (int segment = 0; segment < 10; segment++)
        {
            _pool.FreeChain(segment);
        }

        while (_pool.TryShrink())
        {
        }

        Assert.Equal(count - 10 + Reserve, _pool.Count);
        Assert.Equal(Reserve, _pool.FreeCount);
        _pool.Grow(count - _pool.Count);
        int held = _pool.Take(SegmentState.ChainPart, forEvictor: true);
        Assert.True(!OperatingSystem.IsLinux() || *_pool.Address(held) == 0xFF, "More is held than need be.");
        _pool.FreeChain(held);

        int[] taken = [.. Enumerable.Range(0, 10).Select(_ => _pool.Take(SegmentState.ChainPart, forEvictor: true))];
        Assert.Equal(Enumerable.Range(0, 10), taken.Order());
        Assert.Equal(-1, _pool.Take(SegmentState.ChainPart, forEvictor: true));
    }

    public void Dispose() => _pool.Dispose();

    private void Fill()
    {
        for (int segment = 0; segment < _pool.Count; segment++)
        {
            Assert.Equal(segment, _pool.Take(SegmentState.ChainPart, forEvictor: true));
            *_pool.Address(segment) = 0xFF;
        }
    }
}
