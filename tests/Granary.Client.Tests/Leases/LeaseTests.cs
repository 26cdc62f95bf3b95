using Granary.Client.Cache.Leases;
using Granary.Client.Tests.Doubles;

namespace Granary.Client.Tests.Leases;

/// <summary>Two processes that want the same lease, on one store that expires entries as a silo does.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly LeaseOptions Minute = new() { Lifetime = TimeSpan.FromMinutes(1) };
    private static readonly TimeSpan UntilRenewal = TimeSpan.FromSeconds(20);

    private readonly ObservedTimeProvider _time = new(UntilRenewal);
    private readonly RealOwner _owner;
    private readonly FakeCluster _one;
    private readonly FakeCluster _two;
    private readonly GranaryLeases _leasesOfOne;
    private readonly GranaryLeases _leasesOfTwo;

    public LeaseTests()
    {
        _owner = new RealOwner(_time);
        _one = new FakeCluster(owner: _owner, time: _time);
        _two = new FakeCluster(owner: _owner, time: _time);
        _leasesOfOne = new GranaryLeases(_one.RawCache, _time);
        _leasesOfTwo = new GranaryLeases(_two.RawCache, _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
        _owner.Dispose();
        _time.Dispose();
    }

    [Fact]
    public async Task Lease_IsOfOneHolder_UntilItIsDisposedOf()
    {
        GranaryLease? first = await _leasesOfOne.TryAcquireAsync("report", cancellationToken: Token);
        Assert.Null(await _leasesOfOne.TryAcquireAsync("report", cancellationToken: Token));
        Assert.Null(await _leasesOfTwo.TryAcquireAsync("report", cancellationToken: Token));

        await first!.DisposeAsync();
        await first.DisposeAsync();
        await using GranaryLease? second = await _leasesOfTwo.TryAcquireAsync("report", cancellationToken: Token);

        Assert.Equal("report", second!.Name);
        Assert.True(second.Token > first.Token);
        Assert.False(first.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Leases_OfDifferentNames_AreIndependent()
    {
        await using GranaryLease? one = await _leasesOfOne.TryAcquireAsync("one", cancellationToken: Token);
        await using GranaryLease? two = await _leasesOfTwo.TryAcquireAsync("two", cancellationToken: Token);

        Assert.NotNull(one);
        Assert.NotNull(two);
    }

    [Fact]
    public async Task Lease_IsRenewed_ForAsLongAsItIsHeld()
    {
        await using GranaryLease? lease = await _leasesOfOne.TryAcquireAsync("report", Minute, Token);
        ulong token = lease!.Token;
        for (int renewal = 0; renewal < 10; renewal++)
        {
            await _time.WaitBeginsAsync();
            Assert.Null(await _leasesOfTwo.TryAcquireAsync("report", Minute, Token));
            _time.Advance(UntilRenewal);
        }

        await _time.WaitBeginsAsync();
        Assert.False(lease.Lost.IsCancellationRequested);
        Assert.Equal(token, lease.Token);
    }

    [Fact]
    public async Task Lease_OfAHolderThatIsCutOff_IsLostBeforeAnotherGetsIt()
    {
        await using GranaryLease? lease = await _leasesOfOne.TryAcquireAsync("report", Minute, Token);
        await _time.WaitBeginsAsync();
        bool wasFreeWhenLost = true;
        lease!.Lost.Register(() => wasFreeWhenLost = _owner.Store.GetStatistics().Entries == 0);
        _one.Silo.BeforeExecute = static _ => throw new TimeoutException("cut off");

        _time.Advance(Minute.Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.Null(await _leasesOfTwo.TryAcquireAsync("report", Minute, Token));
        Assert.False(lease.Lost.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(lease.Lost.IsCancellationRequested);

        await using GranaryLease? next = await _leasesOfTwo.TryAcquireAsync("report", Minute, Token);
        Assert.True(next!.Token > lease.Token);
        _one.Silo.BeforeExecute = null;
        await lease.DisposeAsync();
        Assert.Null(await _leasesOfOne.TryAcquireAsync("report", Minute, Token));
        Assert.False(wasFreeWhenLost);
    }

    // The owner counts from when it executes, which may be long before the answer arrives.
    [Fact]
    public async Task Lease_WhoseAnswerIsLate_IsLostNoLater()
    {
        await _one.ConnectedAsync();
        _one.Silo.AfterExecute = _ =>
        {
            _one.Silo.AfterExecute = null;
            _time.Advance(TimeSpan.FromSeconds(5));
            return Task.CompletedTask;
        };
        await using GranaryLease? lease = await _leasesOfOne.TryAcquireAsync("report", Minute, Token);
        _one.Silo.BeforeExecute = static _ => throw new TimeoutException("cut off");

        _time.Advance(Minute.Lifetime - TimeSpan.FromSeconds(5));

        Assert.True(lease!.Lost.IsCancellationRequested);
        await using GranaryLease? next = await _leasesOfTwo.TryAcquireAsync("report", Minute, Token);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Lease_WhoseEntryIsGone_IsLostAtItsRenewal()
    {
        await using GranaryLease? lease = await _leasesOfOne.TryAcquireAsync("report", Minute, Token);
        await _time.WaitBeginsAsync();
        var lost = new TaskCompletionSource();
        lease!.Lost.Register(lost.SetResult);
        await _two.Cache.DeleteAsync("granary.lease/report", Token);

        _time.Advance(UntilRenewal);

        await lost.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task Lease_OfAnother_IsNotGivenBack()
    {
        GranaryLease? lease = await _leasesOfOne.TryAcquireAsync("report", Minute, Token);
        await _two.Cache.DeleteAsync("granary.lease/report", Token);
        await using GranaryLease? other = await _leasesOfTwo.TryAcquireAsync("report", Minute, Token);

        await lease!.DisposeAsync();

        Assert.Null(await _leasesOfOne.TryAcquireAsync("report", Minute, Token));
    }

    [Fact]
    public async Task Lease_WhoseAnswerWasLost_IsTakenNevertheless()
    {
        await _one.ConnectedAsync();
        LoseNextAnswer();

        await using GranaryLease? lease = await _leasesOfOne.TryAcquireAsync("report", Minute, Token);

        Assert.NotNull(lease);
        Assert.Null(await _leasesOfTwo.TryAcquireAsync("report", Minute, Token));
    }

    [Fact]
    public async Task Renewal_WhoseAnswerWasLost_IsFoundAgain()
    {
        await using GranaryLease? lease = await _leasesOfOne.TryAcquireAsync("report", Minute, Token);
        await _time.WaitBeginsAsync();
        LoseNextAnswer();

        _time.Advance(UntilRenewal);
        await _one.Silo.MessageArrivedAsync();
        while (_time.Waits == 0)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100)); // a failed renewal pauses before it tries again
            await Task.Yield();
        }

        Assert.False(lease!.Lost.IsCancellationRequested);
        _time.Advance(UntilRenewal);
        await _time.WaitBeginsAsync();
        await _time.WaitBeginsAsync();
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Acquire_WaitsUntilTheLeaseIsFree()
    {
        var time = new PausingTimeProvider();
        using var owner = new RealOwner(time);
        using var cluster = new FakeCluster(owner: owner, time: time);
        var leases = new GranaryLeases(cluster.RawCache, time);
        GranaryLease first = await leases.AcquireAsync("report", cancellationToken: Token);
        ValueTask<GranaryLease> waiting = leases.AcquireAsync("report", cancellationToken: Token);
        Assert.False(waiting.IsCompleted);

        await first.DisposeAsync();

        await using GranaryLease second = await waiting;
        Assert.True(second.Token > first.Token);
    }

    [Fact]
    public async Task Acquire_IsEndedByItsToken()
    {
        await using GranaryLease? lease = await _leasesOfOne.TryAcquireAsync("report", Minute, Token);
        using var source = new CancellationTokenSource();
        ValueTask<GranaryLease> waiting = _leasesOfTwo.AcquireAsync("report", Minute, source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
    }

    [Theory]
    [InlineData("", "The lease's name has 0 bytes as UTF-8; it must have 1 to 1000.")]
    [InlineData("1001", "The lease's name has 1001 bytes as UTF-8; it must have 1 to 1000.")]
    public async Task Name_OutOfBounds_IsRefused(string name, string message)
    {
        string actual = name.Length == 0 ? name : new string('n', 1001);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await _leasesOfOne.TryAcquireAsync(actual, cancellationToken: Token));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00:00:00.999")]
    [InlineData("1.00:00:00.001")]
    public async Task Lifetime_OutOfBounds_IsRefused(string lifetime)
    {
        var options = new LeaseOptions { Lifetime = TimeSpan.Parse(lifetime, null) };

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await _leasesOfOne.AcquireAsync("report", options, Token));

        Assert.Contains("it must be 00:00:01 to 1.00:00:00", error.Message, StringComparison.Ordinal);
    }

    private void LoseNextAnswer() => _one.Silo.AfterExecute = _ =>
    {
        _one.Silo.AfterExecute = null;
        throw new TimeoutException("the answer was lost");
    };
}
