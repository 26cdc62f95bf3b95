using Granary.Cache.Copies;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Copies;

/// <summary>What is said of how long moves still take.</summary>
public sealed class MoveEstimateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void SecondsLeft_FollowsTheRateSoFar()
    {
        var estimate = new MoveEstimate(_time);

        long atBegin = estimate.SecondsLeft(1000);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(0, atBegin);
        Assert.Equal(8, estimate.SecondsLeft(800)); // 100 a second
        Assert.Equal(0, estimate.SecondsLeft(0));
    }

    [Fact]
    public void SecondsLeft_WhenMoreIsToMove_BeginsAnew()
    {
        var estimate = new MoveEstimate(_time);
        estimate.SecondsLeft(1000);
        _time.Advance(TimeSpan.FromSeconds(100));
        estimate.SecondsLeft(2000);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, estimate.SecondsLeft(1000));
    }
}
