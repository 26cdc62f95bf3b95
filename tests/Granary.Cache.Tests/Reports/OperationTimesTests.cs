using System.Text;
using Granary.Cache.Reports;
using Granary.Reports;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Reports;

/// <summary>Which operations are timed, and which of them are kept.</summary>
public sealed class OperationTimesTests
{
    private static readonly TimeSpan SlowFrom = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly OperationTimes _times;

    public OperationTimesTests()
    {
        _times = new OperationTimes(_time);
    }

    [Fact]
    public void Turns_OfACaller_AreTimedOnceInSixteen()
    {
        uint turns = 0;

        bool[] timed = [.. Enumerable.Range(0, 48).Select(_ => _times.Begin(ref turns) != 0)];

        Assert.Equal(Enumerable.Range(0, 48).Select(static turn => turn % 16 == 0), timed);
    }

    [Fact]
    public void Turn_ThatIsTimed_IsCountedByItsDuration()
    {
        uint turns = 0;
        long timed = _times.Begin(ref turns);
        long other = _times.Begin(ref turns);
        var duration = TimeSpan.FromMicroseconds(50);

        _time.Advance(duration);
        _times.End(timed);
        _times.End(other);

        Assert.Equal(1, _times.Local[LatencyBuckets.IndexOf(duration)]);
        Assert.Equal(1, _times.Local.Sum());
        Assert.Equal(0, _times.Forwarded.Sum() + _times.Replicated.Sum());
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void WaitForAReplica_FromTheLimitOn_IsSlow(int beyondMilliseconds, int slow)
    {
        TimeSpan duration = SlowFrom + TimeSpan.FromMilliseconds(beyondMilliseconds);
        long began = _time.GetTimestamp();

        _time.Advance(duration);
        _times.EndReplicated(began, shard: 7);

        Assert.Equal(1, _times.Replicated[LatencyBuckets.IndexOf(duration)]);
        Assert.Equal(slow, _times.Slow.Length);
    }

    [Fact]
    public void SlowOperations_MoreThanAreKept_AreTheLastFifty()
    {
        for (int number = 1; number <= 51; number++)
        {
            var operation = new PackedOperation { Operation = CacheOperation.Get, Key = Encoding.UTF8.GetBytes($"{number}") };
            _times.AddSlow(SlowFrom, operation, "waited for silo b");
        }

        Assert.Equal(
            Enumerable.Range(2, 50).Reverse().Select(static number => $"{number}"),
            _times.Slow.Select(static slow => Encoding.UTF8.GetString(slow.Key)),
            StringComparer.Ordinal);
    }
}
