using Granary.Memcached.Server;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Connections;

/// <summary>When a connection is idle, and when it is old.</summary>
public sealed class ConnectionLifeTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(100);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Lifetimes_OfOptionsThatAskForNone_AreNone() => Assert.Null(Lifetimes.Of(new GatewayOptions(), _time));

    [Theory]
    [InlineData(8, 0, 1_000)]
    [InlineData(0, 8, 1_000)]
    [InlineData(16, 8, 1_000)]
    [InlineData(8, 16, 1_000)]
    [InlineData(3600, 0, 10_000)] // no longer, so that nobody waits for a minute
    [InlineData(0.1, 0, 50)] // no shorter, so that looking stays cheap
    public void Period_IsAnEighthOfTheShorterTime(double idle, double age, int milliseconds)
    {
        var options = new GatewayOptions { IdleTime = TimeSpan.FromSeconds(idle), MaxConnectionAge = TimeSpan.FromSeconds(age) };

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Lifetimes.Of(options, _time)!.Period);
    }

    [Fact]
    public void Connection_ThatSaysNothing_IsIdleAfterItsTimeAndNotBefore()
    {
        Lifetimes lifetimes = Of(Idle, TimeSpan.Zero);
        ConnectionLife life = lifetimes.Begin();

        Assert.Equal(LifeStage.Young, LookAfter(Idle - TimeSpan.FromTicks(1), lifetimes, ref life));
        Assert.Equal(LifeStage.Idle, LookAfter(TimeSpan.FromTicks(1), lifetimes, ref life));
    }

    [Fact]
    public void Connection_ThatHasSpoken_HasAllOfItsTimeFromThenOn()
    {
        Lifetimes lifetimes = Of(Idle, TimeSpan.Zero);
        ConnectionLife life = lifetimes.Begin();
        _time.Advance(Idle / 2);
        life.Hear();

        Assert.Equal(LifeStage.Young, LookAfter(Idle / 2, lifetimes, ref life));
        Assert.Equal(LifeStage.Young, LookAfter(Idle - TimeSpan.FromTicks(1), lifetimes, ref life));
        Assert.Equal(LifeStage.Idle, LookAfter(TimeSpan.FromTicks(1), lifetimes, ref life));
    }

    [Fact]
    public void Connection_ThatIsNotToSpeak_IsNotIdle()
    {
        Lifetimes lifetimes = Of(Idle, TimeSpan.Zero);
        ConnectionLife life = lifetimes.Begin();

        Assert.Equal(LifeStage.Young, LookAfter(2 * Idle, lifetimes, ref life, isAwaited: false));
        Assert.Equal(LifeStage.Young, LookAfter(Idle - TimeSpan.FromTicks(1), lifetimes, ref life));
        Assert.Equal(LifeStage.Idle, LookAfter(TimeSpan.FromTicks(1), lifetimes, ref life));
    }

    [Fact]
    public void Connections_OfOneMoment_BecomeOldOneAfterTheOther()
    {
        const int Count = 1000;
        Lifetimes lifetimes = Of(TimeSpan.Zero, Age);
        ConnectionLife[] lives = [.. Enumerable.Range(0, Count).Select(_ => lifetimes.Begin())];

        for (int share = 0; share <= 10; share++)
        {
            _time.Advance(Age * (share == 0 ? 0.8 : 0.02));

            Assert.InRange(lives.Count(life => StageOf(life) != LifeStage.Young), (Count * share / 10) - 10, (Count * share / 10) + 10);
        }

        LifeStage StageOf(ConnectionLife life) => life.Look(lifetimes, _time.GetTimestamp(), isAwaited: false);
    }

    [Fact]
    public void Connection_ThatIsOld_IsOverdueAWhileLater()
    {
        Lifetimes lifetimes = Of(Idle, Age);
        ConnectionLife life = lifetimes.Begin();

        Assert.Equal(LifeStage.Young, LookAfter(0.79 * Age, lifetimes, ref life, isAwaited: false));
        Assert.False(life.IsOld);
        TimeSpan step = TimeSpan.FromSeconds(1);
        for (int looks = 0; LookAfter(step, lifetimes, ref life, isAwaited: false) == LifeStage.Young && looks < 30; looks++)
        {
        }

        Assert.True(life.IsOld);
        Assert.Equal(LifeStage.Old, LookAfter(Lifetimes.LastAnswerTime - (2 * step), lifetimes, ref life));
        Assert.Equal(LifeStage.Overdue, LookAfter(2 * step, lifetimes, ref life));
    }

    private Lifetimes Of(TimeSpan idle, TimeSpan age) =>
        Lifetimes.Of(new GatewayOptions { IdleTime = idle, MaxConnectionAge = age }, _time)!;

    private LifeStage LookAfter(TimeSpan time, Lifetimes lifetimes, ref ConnectionLife life, bool isAwaited = true)
    {
        _time.Advance(time);
        return life.Look(lifetimes, _time.GetTimestamp(), isAwaited);
    }
}
