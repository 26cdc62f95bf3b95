using System.Net;
using Granary.Cache.Membership;
using Granary.Cache.Tests.Doubles;
using Granary.Store;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Membership;

/// <summary>What a silo makes of the other silos' clocks.</summary>
public sealed class ClockComparisonTests : IDisposable
{
    private static readonly SiloAddress Peer = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CacheStore _store;
    private readonly ClockComparison _clocks;
    private readonly RecordingLogger<ClockComparison> _log = new();
    private bool _isMember = true;

    public ClockComparisonTests()
    {
        _store = TestStore.Create(_time);
        _clocks = new ClockComparison(_store, _ => _isMember, _time, _log);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(5_000, 0, 5_000)] // its machine's clock was set since it started
    [InlineData(-5_000, 0, 5_000)]
    [InlineData(0, -3_600_000, 3_600_000)] // it started when its machine's clock was wrong
    [InlineData(2_000, -1_000, 2_000)]
    public void Compare_TellsTheGreaterOfBothDifferences(long machine, long store, long expected)
    {
        CompareForAWhile(machine, store);

        Assert.Equal(TimeSpan.FromMilliseconds(expected), _clocks.GreatestSkew);
    }

    [Fact]
    public void Compare_AfterThisSilosClockHasJumped_TellsIt()
    {
        CompareForAWhile(0, 0);
        ClockReading before = _clocks.Now;
        _time.AdjustTime(_time.GetUtcNow() + TimeSpan.FromHours(1));

        for (int reading = 0; reading < 8; reading++)
        {
            _clocks.Compare(Peer, before);
        }

        Assert.Equal(TimeSpan.FromHours(1), _clocks.GreatestSkew);
    }

    [Fact]
    public void Compare_OfMessagesThatWereLongUnderWay_TakesTheFastest()
    {
        CompareForAWhile(-900, -900);
        Send(-20, -20);

        Assert.Equal(TimeSpan.FromMilliseconds(20), _clocks.GreatestSkew);
    }

    [Fact]
    public void Compare_WithASiloThatDoesNotTell_IsIgnored()
    {
        for (int reading = 0; reading < 8; reading++)
        {
            _clocks.Compare(Peer, default);
        }

        Assert.Equal(TimeSpan.Zero, _clocks.GreatestSkew);
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(1001, 1)]
    [InlineData(-1001, 1)]
    public void Compare_WithAClockThatDiffersByOverASecond_SaysSoOnceInAWhile(int milliseconds, int warnings)
    {
        CompareForAWhile(milliseconds, milliseconds);
        CompareForAWhile(milliseconds, milliseconds);
        Assert.Equal(warnings, _log.Warnings.Count);

        _time.Advance(TimeSpan.FromMinutes(11));
        Send(milliseconds, milliseconds);

        Assert.Equal(2 * warnings, _log.Warnings.Count);
        Assert.All(_log.Warnings, warning => Assert.Contains($"The clock of silo {Peer} is 1.0 s", warning, StringComparison.Ordinal));
    }

    [Fact]
    public void GreatestSkew_ForgetsWhoHasLeft()
    {
        CompareForAWhile(5_000, 0);

        _isMember = false;

        Assert.Equal(TimeSpan.Zero, _clocks.GreatestSkew);
    }

    public void Dispose() => _store.Dispose();

    private void CompareForAWhile(long machineAhead, long storeAhead)
    {
        for (int reading = 0; reading < 8; reading++)
        {
            Send(machineAhead, storeAhead);
        }
    }

    private void Send(long machineAhead, long storeAhead)
    {
        ClockReading now = _clocks.Now;
        _clocks.Compare(Peer, new ClockReading(now.Machine + machineAhead, now.Store + storeAhead));
    }
}
