using Granary.Wire;

namespace Granary.Abstractions.Tests.Wire;

public sealed class WireExpirationTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(TimeSpan.TicksPerMillisecond, 1)]
    [InlineData(TimeSpan.TicksPerMillisecond + 1, 2)]
    public void After_Ticks_IsMillisecondsRoundedUp(long ticks, long expected)
    {
        Assert.Equal(expected, WireExpiration.After(new TimeSpan(ticks)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void After_NotPositive_Throws(long ticks)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WireExpiration.After(new TimeSpan(ticks)));
    }

    [Fact]
    public void After_LongestTime_IsPositive()
    {
        Assert.True(WireExpiration.After(TimeSpan.MaxValue) > 0);
    }

    [Fact]
    public void At_Time_IsMinusItsUnixMilliseconds()
    {
        Assert.Equal(-1_700_000_000_123, WireExpiration.At(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123)));
    }

    [Fact]
    public void At_NotAfter1970_IsAtOnce()
    {
        Assert.Equal(WireExpiration.Immediately, WireExpiration.At(DateTimeOffset.UnixEpoch));
        Assert.Equal(WireExpiration.Immediately, WireExpiration.At(DateTimeOffset.MinValue));
    }
}
