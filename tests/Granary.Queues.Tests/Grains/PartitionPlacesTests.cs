using Granary.Queues.Grains;
using Granary.Queues.Logs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Queues.Tests.Grains;

public sealed class PartitionPlacesTests : IAsyncDisposable
{
    private const int Partitions = 8;

    private readonly FakeTimeProvider _time = new();
    private readonly FakeMembers _members = new(silos: 1);
    private readonly StoreReach _reach;
    private readonly PartitionPlaces _places;
    private readonly PartitionMover _mover;
    private readonly List<Hosted> _hosted;

    public PartitionPlacesTests()
    {
        _reach = new StoreReach(_time);
        _places = new PartitionPlaces(_members, _reach);
        _mover = new PartitionMover(_places, _members, _time, NullLogger<PartitionMover>.Instance);
        _hosted = [.. Enumerable.Range(0, Partitions).Select(index => new Hosted(_places, new PartitionId("orders", index)))];
    }

    public async ValueTask DisposeAsync()
    {
        await _mover.StopAsync(CancellationToken.None);
        _mover.Dispose();
    }

    [Fact]
    public void Queue_ThatNobodyHasAskedFor_HasNoPlaces()
    {
        Assert.False(_places.Knows("orders"));
        Assert.Null(_places.OwnerOf(new PartitionId("orders", 0)));
    }

    [Fact]
    public void Silo_ThatHasJoined_GetsItsPartitionsAndNoOthers()
    {
        _places.Note(Orders(Durability.Strict));
        _members.Set(2);

        _places.MoveMisplaced();

        Assert.Equal(Partitions / 2, _hosted.Count(one => one.MovedTo is not null));
        Assert.All(_hosted, one => Assert.Equal(
            _places.OwnerOf(one.Id)!.Equals(_members.Self) ? null : _places.OwnerOf(one.Id), one.MovedTo));
    }

    [Fact]
    public void Partition_InMemoryOnly_StaysUntilItsSiloLeaves()
    {
        _places.Note(Orders(Durability.Memory));
        _members.Set(2);
        _places.MoveMisplaced();
        Assert.All(_hosted, one => Assert.Null(one.MovedTo));

        _members.Leave();
        _places.MoveMisplaced();

        Assert.All(_hosted, one => Assert.NotNull(one.MovedTo));
    }

    [Fact]
    public void Partition_OfASiloThatIsNotReached_StaysUntilItIs()
    {
        _places.Note(Orders(Durability.Strict));
        _members.Set(2);
        _members.IsConnected = false;
        _places.MoveMisplaced();
        Assert.All(_hosted, one => Assert.Null(one.MovedTo));

        _members.IsConnected = true;
        _places.MoveMisplaced();

        Assert.Contains(_hosted, one => one.MovedTo is not null);
    }

    [Fact]
    public void Silo_ThatDoesNotReachTheDatabase_HasNoPartitionsMeanwhile()
    {
        _places.Note(Orders(Durability.Strict));
        _members.Set(3);
        PartitionId[] own = [.. _hosted.Select(static one => one.Id).Where(_places.Wants)];
        Assert.NotEmpty(own);

        _reach.Add(_members.Self);
        _places.MoveMisplaced();
        Assert.All(_hosted, one => Assert.NotEqual(_members.Self, one.MovedTo ?? _members.Self));
        _time.Advance(StoreReach.Validity);
        _reach.Forget();
        Assert.DoesNotContain(_hosted, one => _places.Wants(one.Id));

        _time.Advance(TimeSpan.FromSeconds(1));
        _reach.Forget();
        Assert.Equal(own, _hosted.Select(static one => one.Id).Where(_places.Wants));
    }

    [Fact]
    public void Silo_ThatSaysItAgain_StaysWithoutPartitions()
    {
        _places.Note(Orders(Durability.Strict));
        _members.Set(2);
        _reach.Add(_members.Self);
        _time.Advance(StoreReach.Validity);
        _reach.Add(_members.Self);

        _time.Advance(StoreReach.Validity);
        _reach.Forget();

        Assert.DoesNotContain(_hosted, one => _places.Wants(one.Id));
    }

    // There is no better place.
    [Fact]
    public void Partitions_OfAClusterWithoutADatabase_StayWhereTheyAre()
    {
        _places.Note(Orders(Durability.Strict));
        _members.Set(2);
        SiloAddress?[] before = [.. _hosted.Select(one => _places.OwnerOf(one.Id))];

        foreach (SiloAddress silo in _members.Owners.Values)
        {
            _reach.Add(silo);
        }

        Assert.Equal(before, _hosted.Select(one => _places.OwnerOf(one.Id)));
    }

    [Fact]
    public async Task Stop_OfASiloThatLeaves_WaitsUntilItsPartitionsHaveGone()
    {
        _places.Note(Orders(Durability.Strict));
        _members.Set(2);
        _members.Leave();

        Task stopping = _mover.StoppingAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        _hosted.ForEach(_places.Remove);
        _time.Advance(TimeSpan.FromSeconds(1));

        await stopping;
    }

    [Fact]
    public async Task Stop_OfTheOnlySilo_WaitsForNobody()
    {
        _places.Note(Orders(Durability.Strict));
        _members.Leave();

        await _mover.StoppingAsync(CancellationToken.None);

        Assert.Equal(Partitions, _places.HostedCount);
    }

    private static QueueDefinition Orders(Durability durability) =>
        new("orders", Partitions, new QueueOptions { Durability = durability });

    private sealed class Hosted : IHostedPartition
    {
        public Hosted(PartitionPlaces places, PartitionId id)
        {
            Id = id;
            places.Add(this);
        }

        public PartitionId Id { get; }

        public SiloAddress? MovedTo { get; private set; }

        public void MoveTo(SiloAddress silo) => MovedTo = silo;
    }
}
