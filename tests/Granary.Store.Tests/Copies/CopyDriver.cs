using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Copies;

/// <summary>A feed of a source's shard 0, and the store that its frames are applied to.</summary>
internal sealed class CopyDriver : IDisposable
{
    private readonly byte[] _frame;

    public CopyDriver(
        StoreDriver source,
        long memoryLimitBytes = 16 << 20,
        int maxFrameBytes = 512 << 10,
        long hashSeed = 7,
        EvictionPolicy eviction = EvictionPolicy.Lru,
        IReadOnlyList<StoreNamespace>? namespaces = null)
    {
        Target = new StoreDriver(
            memoryLimitBytes,
            source.Store.Options.MaxValueBytes,
            source.Store.Options.ShardCount,
            source.Time,
            hashSeed,
            isOpen: false,
            eviction: eviction,
            namespaces: namespaces ?? source.Store.Options.Namespaces);
        Feed = source.Store.OpenFeed(0);
        _frame = new byte[maxFrameBytes];
    }

    public StoreDriver Target { get; }

    public ShardFeed Feed { get; }

    public int Frames { get; private set; }

    public int Dropped { get; private set; }

    /// <summary>Reads a feed for a reader of some format, and applies it, until nothing is left.</summary>
    public static void Drain(ShardFeed feed, StoreDriver target, FrameFormat format)
    {
        byte[] frame = new byte[1 << 20];
        while (feed.Read(frame, format) is > 0 and int bytes)
        {
            Assert.InRange(frame[0], 1, (int)format);
            Assert.Equal(ApplyOutcome.Applied, target.Store.Apply(0, frame.AsSpan(0, bytes)).Outcome);
        }
    }

    /// <summary>Reads a frame of at most so many bytes and applies it.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Step(int maxBytes = int.MaxValue)
    {
        int length = Feed.Read(_frame.AsSpan(0, Math.Min(maxBytes, _frame.Length)));
        if (length == 0)
        {
            return false;
        }

        ApplyResult result = Target.Store.Apply(0, _frame.AsSpan(0, length));

        Assert.Equal(ApplyOutcome.Applied, result.Outcome);
        Assert.Equal(Feed.CoveredChanges, result.CoveredChanges);
        Assert.Equal(Feed.IsScanned, result.IsScanned);
        Frames++;
        Dropped += result.Dropped;
        return true;
    }

    /// <summary>Reads and applies until nothing is left.</summary>
    public void Drain(int maxBytes = int.MaxValue)
    {
        while (Step(maxBytes))
        {
        }

        Assert.False(Feed.HasMore);
        Assert.True(Feed.IsScanned);
        Assert.Equal(0, Feed.WaitingBytes);
    }

    public void Dispose()
    {
        Feed.Dispose();
        Target.Dispose();
    }
}
