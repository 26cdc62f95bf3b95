using System.Net;
using Granary.Cache.Copies;
using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Shards;

/// <summary>When shards go to the silo that the map gives them to.</summary>
public sealed class ShardKeeperTests : IHostApplicationLifetime, IDisposable
{
    private const int Shards = 16;
    private const int Periods = 20; // twice what the map has to be quiet

    private static readonly SiloAddress Third = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 3), 1);

    private readonly FakeTimeProvider _time = new();
    private readonly TestSilo _silo;

    public ShardKeeperTests()
    {
        _silo = new TestSilo(_time, shardCount: Shards);
        for (int shard = 0; shard < Shards; shard++)
        {
            _silo.Registry[shard].OpenAlone();
        }
    }

    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => CancellationToken.None;

    public CancellationToken ApplicationStopped { get; } = new(canceled: true); // nothing is sent

    void IHostApplicationLifetime.StopApplication() => throw new NotSupportedException();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Shards_ThatBelongToAnotherSilo_MoveUnlessItIsReachedThroughAThirdAsync(bool isCutOff)
    {
        await _silo.SeeBothAsync();
        if (isCutOff)
        {
            CutOff();
        }

        OutgoingCopies copies = new(_silo.Registry, ReplicaMode.None, _time);
        await KeepAsync(copies);

        Assert.Equal(isCutOff ? 0 : _silo.View.Current.ShardsOf(TestShards.Other).Count, copies.Progress.Moving);
    }

    [Fact]
    public async Task Replicas_OfASiloThatIsReachedThroughAThird_AreKeptUpAsync()
    {
        await _silo.SeeBothAsync();
        CutOff();

        OutgoingCopies copies = new(_silo.Registry, ReplicaMode.Async, _time);
        await KeepAsync(copies);

        Assert.NotEmpty(copies.Next(TestShards.Other)!.Steps);
    }

    public void Dispose() => _silo.Dispose();

    private void CutOff()
    {
        _silo.Reach.Heard(TestShards.Other, _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_silo.Reach.SetRelay(TestShards.Other, Third));
    }

    private async Task KeepAsync(OutgoingCopies copies)
    {
        MoveRehearsals rehearsals = new(
            FakeGrains.Of(rehearsal: new FakeRehearsal()), _silo.View, _time, NullLogger<MoveRehearsals>.Instance);
        rehearsals.Follow(_silo.View.Current);
        await rehearsals.WhenOverAsync(TestShards.Other).WaitAsync(RemoteCall.Deadline, TestContext.Current.CancellationToken);
        ShardKeeper keeper = new(
            _silo.Registry,
            copies,
            new CopyLinks(copies, _silo.View, _silo.Reach, this, _time, NullLogger<CopyLinks>.Instance),
            rehearsals,
            new ShardOpener(_silo.Registry, _silo.View, _time, NullLogger<ShardOpener>.Instance),
            _silo.View,
            _silo.Reach,
            FakeGrains.Of(_silo.Grain),
            _time,
            NullLogger<ShardKeeper>.Instance);
        for (int period = 0; period < Periods; period++)
        {
            keeper.Keep(CancellationToken.None);
        }
    }
}
