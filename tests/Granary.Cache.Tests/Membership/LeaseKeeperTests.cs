using Granary.Cache.Membership;
using Granary.Cache.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Membership;

/// <summary>Who says that a silo is still a member.</summary>
public sealed class LeaseKeeperTests : IDisposable
{
    private static readonly Action TableIsAway = static () => throw new TimeoutException("away");

    private readonly FakeTimeProvider _time = new();
    private readonly TestSilo _silo;

    public LeaseKeeperTests() => _silo = new TestSilo(_time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lease_WhileTheTableIsAway_IsHeldIfAnotherSiloConfirmsItAsync(bool isConfirmed)
    {
        await _silo.SeeBothAsync();
        _silo.Membership.Reading = TableIsAway;
        _silo.Other.Confirm = silo => isConfirmed && silo.Equals(TestShards.Self);

        await KeepOnceAsync();

        Assert.Equal(isConfirmed, _silo.Lease.Check());
    }

    [Theory]
    [InlineData(SiloStatus.Active, true)]
    [InlineData(SiloStatus.Dead, false)]
    public async Task Lease_ThatNoSiloConfirms_IsHeldIfTheTableSaysSoAsync(SiloStatus status, bool isHeld)
    {
        await _silo.SeeBothAsync();
        _silo.Membership.Reading = () => _silo.Membership.Set((TestShards.Self, status));

        await KeepOnceAsync();

        Assert.Equal(isHeld, _silo.Lease.Check());
    }

    [Fact]
    public async Task Lease_OfASiloThatIsAlone_NeedsNobodyAsync()
    {
        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active));
        await KeepOnceAsync();
        _silo.Membership.Reading = TableIsAway;
        _time.Advance(ServingLease.Duration / 2);

        await KeepOnceAsync();

        Assert.Equal(ServingLease.Duration, _silo.Lease.Left);
    }

    // It may have been declared dead by one that has joined meanwhile.
    [Fact]
    public async Task Lease_OfASiloThatIsAloneAndWasStopped_NeedsTheTableAsync()
    {
        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active));
        await KeepOnceAsync();
        _silo.Membership.Reading = TableIsAway;
        _time.Advance(TimeSpan.FromMinutes(1));

        await KeepOnceAsync();
        Assert.False(_silo.Lease.Check());

        _silo.Membership.Reading = null;
        await KeepOnceAsync();
        Assert.True(_silo.Lease.Check());
    }

    // Until then it serves nobody.
    [Fact]
    public async Task Lease_OfASiloThatJoins_IsLookedForAtOnceAsync()
    {
        TaskCompletionSource reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _silo.Membership.Reading = () => reading.TrySetResult();
        using var end = new CancellationTokenSource();
        Task keeping = KeepAsync(end.Token);
        Assert.False(reading.Task.IsCompleted);

        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active));
        await reading.Task.WaitAsync(RemoteCall.Deadline, TestContext.Current.CancellationToken);

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
        Assert.True(_silo.Lease.Check());
    }

    public void Dispose() => _silo.Dispose();

    // Everything answers at once, so the first round is over when the keeper waits for the second.
    private async Task KeepOnceAsync()
    {
        using var end = new CancellationTokenSource();
        Task keeping = KeepAsync(end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
    }

    private Task KeepAsync(CancellationToken cancellationToken)
    {
        var clocks = new ClockComparison(
            _silo.Store, _silo.View.Current.IsMember, _time, NullLogger<ClockComparison>.Instance);
        var keeper = new LeaseKeeper(
            _silo.Lease, _silo.View, clocks, _silo.Reach, _time, NullLogger<LeaseKeeper>.Instance);
        return keeper.KeepAsync(cancellationToken);
    }
}
