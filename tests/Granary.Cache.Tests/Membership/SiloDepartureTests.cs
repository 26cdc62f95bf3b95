using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Saving;
using Granary.Cache.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Tests.Membership;

/// <summary>What a silo does when it is told to stop.</summary>
public sealed class SiloDepartureTests : IDisposable
{
    private static readonly TimeSpan HandOffTime = TimeSpan.FromSeconds(10);

    private readonly PausingTimeProvider _time = new();
    private readonly TestSilo _silo;

    public SiloDepartureTests() => _silo = new TestSilo(_time);

    [Fact]
    public async Task Stop_WithAnother_TellsItFirstAndEndsWhenThatHasTheShardsAsync()
    {
        bool? wasDraining = null;
        bool hasGone = false;
        await ServeAsync();
        _silo.Other.Drain = silo =>
        {
            wasDraining = _silo.View.IsDraining;
            return [silo];
        };
        _silo.View.Changed += _ =>
        {
            if (_silo.View.IsDraining)
            {
                hasGone = true;
                _silo.Registry[0].Announce(TestShards.Other, 2);
            }
        };

        await DepartAsync();

        Assert.False(wasDraining); // it would have sent the shards straight back
        Assert.True(hasGone);
        Assert.Equal(0, _silo.Registry.HeldCount);
    }

    [Fact]
    public async Task Stop_WhoseShardsNobodyTakes_EndsWithTheHandOffTimeAndServesNoMoreAsync()
    {
        await ServeAsync();
        _silo.Lease.Renew(_time.GetTimestamp() + _time.TimestampFrequency * 3600);
        DateTimeOffset start = _time.GetUtcNow();

        await DepartAsync();

        Assert.InRange(_time.GetUtcNow() - start, HandOffTime, HandOffTime + TimeSpan.FromSeconds(1));
        Assert.True(_silo.View.IsDraining);
        Assert.False(_silo.Lease.Check());
        Assert.Equal(1, _silo.Registry.OpenCount);
    }

    [Fact]
    public async Task Stop_OfASiloThatIsAloneAndHasNoFile_EndsAtOnceAsync()
    {
        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active));
        _silo.Registry[0].OpenAlone();
        DateTimeOffset start = _time.GetUtcNow();

        await DepartAsync();

        Assert.Equal(start, _time.GetUtcNow());
    }

    public void Dispose() => _silo.Dispose();

    private async Task ServeAsync()
    {
        await _silo.SeeBothAsync();
        _silo.Registry[0].OpenAlone();
    }

    private Task DepartAsync()
    {
        IOptions<CacheOptions> options = Options.Create(new CacheOptions { ShardCount = 1, HandOffTime = HandOffTime });
        var saver = new ShardSaver(
            _silo.Registry, _silo.View, _silo.Membership, _silo.Lease, options, _time, NullLogger<ShardSaver>.Instance);
        var copies = new OutgoingCopies(_silo.Registry, ReplicaMode.None, _time);
        var departure = new SiloDeparture(
            _silo.View, _silo.Registry, copies, _silo.Lease, saver, options, _time, NullLogger<SiloDeparture>.Instance);
        return departure.StoppingAsync(TestContext.Current.CancellationToken);
    }
}
