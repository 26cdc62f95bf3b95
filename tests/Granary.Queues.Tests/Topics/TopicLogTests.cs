using Granary.Queues.Partitions;
using Granary.Queues.Records;

namespace Granary.Queues.Tests.Topics;

public sealed class TopicLogTests
{
    private const long Second = 1000;

    private readonly Guid _one = Guid.NewGuid();
    private readonly Guid _two = Guid.NewGuid();
    private readonly TopicLog _log = new();
    private long _next;

    public TopicLogTests() => Set(TimeSpan.Zero);

    [Fact]
    public void Message_IsKeptForThoseWhoNeedItAndNobodyElse()
    {
        Register(_one, 0);
        Register(_two, 4);
        Add(10);

        Assert.Equal([(0, 10)], Live(0));
        _log.Need(new TopicNeed(_one, 1, [new(2, 3), new(6, long.MaxValue)]));
        Assert.Equal([(2, 3), (4, 10)], Live(0));
        _log.Need(new TopicNeed(_two, 1, [new(10, long.MaxValue)]));
        Assert.Equal([(2, 3), (6, 10)], Live(0));
        Assert.Equal(4, _log.Unfinished(10));
    }

    [Fact]
    public void Need_OfWhoWasReplacedOrIsNotThere_DoesNotCount()
    {
        Register(_one, 0, epoch: 5);
        Add(10);

        _log.Need(new TopicNeed(_one, 4, [new(10, long.MaxValue)]));
        _log.Need(new TopicNeed(_two, 9, [new(0, long.MaxValue)]));
        Assert.Equal([(0, 10)], Live(0));
        Set(TimeSpan.Zero, _two);

        Assert.Empty(Live(0));
    }

    [Theory]
    [InlineData(3, new long[] { 3, 10 })] // back: what was needed is a part of it
    [InlineData(8, new long[] { 5, 6, 7, 8, 8, 10 })] // forward: what was needed is, until the next owner says otherwise
    public void Register_ElsewhereKeepsWhatWasNeededUntilTheNextOwnerSaysOtherwise(long offset, long[] bounds)
    {
        Register(_one, 0);
        Add(10);
        _log.Need(new TopicNeed(_one, 1, [new(5, 6), new(7, long.MaxValue)]));

        Register(_one, offset, epoch: 2);
        (long, long)[] expected = [.. bounds.Chunk(2).Select(pair => (pair[0], pair[1]))];

        Assert.Equal(Merged(expected), Merged(Live(0)));
        _log.Need(new TopicNeed(_one, 1, [new(10, long.MaxValue)]));
        Assert.Equal(Merged(expected), Merged(Live(0)));
        _log.Need(new TopicNeed(_one, 2, [new(9, long.MaxValue)]));
        Assert.Equal([(9, 10)], Live(0));
    }

    [Fact]
    public void Message_ThatAllHaveDoneWith_IsKeptForTheRetention()
    {
        Set(TimeSpan.FromSeconds(10));
        Add(5, at: 0);
        Add(5, at: 20 * Second);

        Assert.Equal([(0, 10)], Live(9 * Second));
        Assert.Equal([(5, 10)], Live(25 * Second));
        Assert.Empty(Live(30 * Second));
        Assert.Equal(500, _log.ReleasableBytes(25 * Second, 10));
    }

    [Fact]
    public void Retention_EndsAtItsBytes()
    {
        Set(TimeSpan.FromDays(1), bytes: 128 << 10);
        for (int stretch = 0; stretch < 10; stretch++)
        {
            Add(64, at: 0, bytes: 1024); // a stretch is 64 KiB at least
        }

        (long first, long end) = Assert.Single(Live(0));

        Assert.Equal(640, end);
        Assert.InRange(first, 640 - 192, 640 - 128);
    }

    [Fact]
    public void Place_OfATime_IsNotBehindTheFirstMessageOfThatTime()
    {
        Set(TimeSpan.FromDays(1));
        for (int second = 0; second < 100; second++)
        {
            Add(3, at: second * Second);
        }

        for (int second = 0; second < 100; second++)
        {
            Assert.InRange(_log.Find(second * Second, 300), 0, second * 3);
        }

        Assert.Equal(300, _log.Find(100 * Second, 300));
    }

    [Fact]
    public void Snapshot_HasAllOfIt()
    {
        Set(TimeSpan.FromSeconds(10));
        Register(_one, 0, epoch: 3);
        Add(5, at: 0);
        Add(5, at: 20 * Second);
        _log.Need(new TopicNeed(_one, 3, [new(2, 4), new(6, long.MaxValue)]));
        ByteWriter written = new();
        _log.Write(written);

        TopicLog read = new();
        read.Set(Definition(TimeSpan.FromSeconds(10), 1 << 30, _one, _two));
        read.Read(new ByteReader(written.Written.ToArray()));

        Assert.Equal(_log.LiveRuns(25 * Second, 10), read.LiveRuns(25 * Second, 10));
        Assert.Equal(_log.FirstOffset(10), read.FirstOffset(10));
        Assert.Equal(_log.ReleasableBytes(60 * Second, 10), read.ReleasableBytes(60 * Second, 10));
        read.Need(new TopicNeed(_one, 2, [new(10, long.MaxValue)]));
        Assert.Equal(_log.Unfinished(10), read.Unfinished(10));
    }

    private static (long First, long End)[] Merged(IEnumerable<(long First, long End)> runs)
    {
        List<(long First, long End)> merged = [];
        foreach ((long first, long end) in runs)
        {
            if (merged.Count > 0 && merged[^1].End == first)
            {
                merged[^1] = (merged[^1].First, end);
            }
            else
            {
                merged.Add((first, end));
            }
        }

        return [.. merged];
    }

    private static QueueDefinition Definition(TimeSpan retention, long bytes, params Guid[] subscriptions) =>
        new("orders", 1, new QueueOptions())
        {
            Topic = new TopicOptions { Retention = retention, RetentionBytes = bytes },
            Subscriptions = [.. subscriptions.Select(one => new SubscriptionDefinition("any") { Creation = one })],
        };

    private (long First, long End)[] Live(long now) => [.. _log.LiveRuns(now, _next)];

    private void Set(TimeSpan retention, params Guid[] subscriptions) =>
        _log.Set(Definition(retention, 1 << 30, subscriptions.Length > 0 ? subscriptions : [_one, _two]));

    private void Set(TimeSpan retention, long bytes) => _log.Set(Definition(retention, bytes, _one, _two));

    private void Register(Guid subscription, long offset, long epoch = 1) =>
        _log.Register(new FeedRecord(RecordKind.Needed, offset) { Subscription = subscription, Epoch = epoch });

    private void Add(int count, long at = 0, int bytes = 100)
    {
        for (int index = 0; index < count; index++)
        {
            _log.Add(new StoredMessage(_next++, at, 0, long.MaxValue, null, null, default, new byte[bytes]));
        }
    }
}
