using CsCheck;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Tests.Eviction;

/// <summary>Which keys are remembered, and in how much memory.</summary>
public sealed class GhostsTests : IDisposable
{
    private const int BudgetBytes = 8 << 20;
    private const int Keys = 46; // more than a bucket remembers

    private readonly SegmentPool _pool = new(BudgetBytes, evictorReserve: 0);
    private readonly Ghosts _ghosts;

    public GhostsTests() => _ghosts = new Ghosts(new IndexPages(_pool));

    [Fact]
    public void Bucket_AfterAnyHistory_HasTheLastThatWereAdded() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, Keys - 1]).Array[0, 200].Sample(
            steps =>
            {
                using var pool = new SegmentPool(BudgetBytes, evictorReserve: 0);
                var ghosts = new Ghosts(new IndexPages(pool));
                ghosts.Fit(1);
                var model = new List<int>(); // the newest first
                foreach ((int operation, int key) in steps)
                {
                    if (operation == 0)
                    {
                        ghosts.Remove(HashOf(key));
                        model.Remove(key);
                    }
                    else
                    {
                        ghosts.Add(HashOf(key));
                        model.Insert(0, key);
                        model.RemoveRange(Math.Min(model.Count, Ghosts.BucketLength), model.Count > Ghosts.BucketLength ? 1 : 0);
                    }

                    Assert.All(Enumerable.Range(0, Keys), other =>
                        Assert.Equal(model.Contains(other), ghosts.Contains(HashOf(other))));
                }
            },
            iter: 100);

    [Theory]
    [InlineData(Ghosts.BucketLength - 1, true)]
    [InlineData(Ghosts.BucketLength, false)]
    public void Add_OfSoManyOthers_PushesAKeyOut(int others, bool isRemembered)
    {
        _ghosts.Fit(1);
        _ghosts.Add(HashOf(0));

        for (int key = 1; key <= others; key++)
        {
            _ghosts.Add(HashOf(key));
        }

        Assert.Equal(isRemembered, _ghosts.Contains(HashOf(0)));
    }

    [Fact]
    public void Fit_ToMore_KeepsWhatIsRemembered()
    {
        _ghosts.Fit(1);
        for (int key = 0; key < Ghosts.BucketLength; key++)
        {
            _ghosts.Add(HashOf(key, lowBits: (uint)key));
        }

        FitTo(10_000);

        Assert.InRange(_ghosts.Capacity, 10_000, 10_000 + Ghosts.BucketLength);
        Assert.All(Enumerable.Range(0, Ghosts.BucketLength), key =>
            Assert.True(_ghosts.Contains(HashOf(key, lowBits: (uint)key))));
    }

    [Fact]
    public void Add_OfManyKeys_RemembersAboutAsManyAsItsCapacity()
    {
        const int Capacity = 3200;
        var random = new Random(1);
        ulong[] hashes = [.. Enumerable.Range(0, 4 * Capacity).Select(_ => (ulong)random.NextInt64())];
        FitTo(Capacity);

        Array.ForEach(hashes, _ghosts.Add);

        Assert.InRange(hashes[^(Capacity / 2)..].Count(_ghosts.Contains), Capacity / 2 * 0.99, Capacity / 2);
        Assert.InRange(hashes[..Capacity].Count(_ghosts.Contains), 0, Capacity * 0.01);
    }

    [Fact]
    public void Fit_ToFewerAndClear_GiveTheMemoryBack()
    {
        FitTo(100_000);
        long used = _pool.UsedBytes;

        FitTo(0);
        Assert.Equal(Ghosts.BucketLength, _ghosts.Capacity);
        FitTo(100_000);
        _ghosts.Clear();
        Assert.Equal(0, _ghosts.Capacity);
        FitTo(100_000);

        Assert.Equal(used, _pool.UsedBytes);
    }

    [Fact]
    public void Fit_WithoutMemory_RemembersNothing()
    {
        while (_pool.Take(SegmentState.Open, forEvictor: false) >= 0)
        {
        }

        _ghosts.Fit(100);
        _ghosts.Add(HashOf(1));
        _ghosts.Remove(HashOf(1));

        Assert.Equal(0, _ghosts.Capacity);
        Assert.False(_ghosts.Contains(HashOf(1)));
    }

    public void Dispose() => _pool.Dispose();

    // The fingerprint is the upper end of a hash, the bucket the lower one.
    private static ulong HashOf(int key, uint lowBits = 0) => ((ulong)(key + 1) << 48) | lowBits;

    private void FitTo(int wanted)
    {
        for (int step = 0; step < 5_000; step++)
        {
            _ghosts.Fit(wanted);
        }
    }
}
