using Granary.Cache.Membership;
using Granary.Cache.Tests.Doubles;
using Granary.Store;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Membership;

/// <summary>What a silo may do while it knows, and while it does not know, that it is a member.</summary>
public sealed class ServingLeaseTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _store;
    private readonly ServingLease _lease;

    public ServingLeaseTests()
    {
        _store = TestStore.Create(_time);
        _store.Open(0);
        _lease = new ServingLease(_store, _time);
    }

    [Fact]
    public void Check_BeforeTheFirstConfirmation_SuspendsTheStore()
    {
        Assert.False(_lease.Check());

        Assert.Equal(CacheStatus.None, _store.Set("key", "value"u8));
        Assert.False(_store.IsOpen(0));
    }

    [Fact]
    public void Check_AfterAConfirmation_IsTrueForItsTime()
    {
        _lease.Renew(_time.GetTimestamp());
        _time.Advance(ServingLease.Duration - Moment);
        Assert.True(_lease.Check());
        Assert.Equal(CacheStatus.Success, _store.Set("key", "value"u8));

        _time.Advance(Moment);

        Assert.False(_lease.Check());
        Assert.Equal(CacheStatus.None, _store.Set("key", "newer"u8));
    }

    [Fact]
    public void Renew_WithAnAnswerThatWasLongUnderWay_CountsFromTheQuestion()
    {
        long asked = _time.GetTimestamp();
        _time.Advance(ServingLease.Duration);

        _lease.Renew(asked);

        Assert.False(_lease.Check());
    }

    [Fact]
    public void Renew_AfterALapse_ServesAgain()
    {
        _lease.Renew(_time.GetTimestamp());
        _store.Set("key", "value"u8);
        _time.Advance(ServingLease.Duration);
        Assert.False(_lease.Check());

        _lease.Renew(_time.GetTimestamp());

        Assert.True(_lease.Check());
        Assert.True(_store.IsOpen(0));
    }

    [Fact]
    public void Renew_WithAnOlderAnswer_TakesNothingAway()
    {
        long first = _time.GetTimestamp();
        _time.Advance(ServingLease.Duration / 2);
        _lease.Renew(_time.GetTimestamp());

        _lease.Renew(first);

        Assert.Equal(ServingLease.Duration, _lease.Left);
    }

    [Fact]
    public void CheckStill_WhenTheLeaseRanOutMeanwhile_Throws()
    {
        _lease.Renew(_time.GetTimestamp());
        bool wasHeld = _lease.Check();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Throws<GranaryException>(() => _lease.CheckStill(wasHeld));
        _lease.CheckStill(wasHeld: false);
    }

    [Fact]
    public void Surrender_IsForEver()
    {
        _lease.Renew(_time.GetTimestamp());

        _lease.Surrender();
        _lease.Renew(_time.GetTimestamp());

        Assert.False(_lease.Check());
        Assert.False(_store.IsOpen(0));
    }

    public void Dispose() => _store.Dispose();
}
