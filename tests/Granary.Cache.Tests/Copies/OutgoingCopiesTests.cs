using System.Collections.Frozen;
using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Granary.Shards;
using Granary.Store;
using Granary.Store.Copies;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Copies;

/// <summary>When a change of a shard that has a replica may be answered, and when a shard that moves has gone.</summary>
public sealed class OutgoingCopiesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _store;
    private readonly CacheStore _heir;
    private readonly ShardSlot _copy;
    private readonly ShardRegistry _registry;
    private byte _format = (byte)FrameFormat.Newest;

    public OutgoingCopiesTests()
    {
        _store = TestStore.Create(_time);
        _registry = new ShardRegistry(_store, TestShards.Self, hasGates: true, _time);
        _heir = TestStore.Create(_time);
        _copy = new ShardSlot(0, _heir, TestShards.Other, _time);
    }

    [Theory]
    [InlineData(ReplicaMode.Sync, true)]
    [InlineData(ReplicaMode.Async, false)]
    public void Change_OfAShardWhoseReplicaIsComplete_WaitsAsTheModeSays(ReplicaMode mode, bool waits)
    {
        OutgoingCopies copies = Replicated(mode);
        bool? isSafe = null;

        Assert.Equal(CacheStatus.Success, _store.Set("key", "newer"u8));
        _registry[0].Gate.Wait(_store.ChangesOf(0), deadline: long.MaxValue, safe => isSafe = safe);

        Assert.Equal(waits, _registry[0].Gate.HasToWait);
        Assert.Equal(waits ? null : true, isSafe);
        Send(copies);
        Assert.True(isSafe);
    }

    [Theory]
    [InlineData(ReplicaMode.Sync)]
    [InlineData(ReplicaMode.Async)]
    public void Replica_ThatIsComplete_HasTheEntriesAndIsServedWhenItsOwnerIsGone(ReplicaMode mode)
    {
        OutgoingCopies copies = Replicated(mode);

        Assert.Equal(TestShards.Other, copies.ReplicaOf(0));
        Open(_copy, ticket: null);
        Assert.Equal(CacheStatus.Success, _heir.Get("key"));
    }

    // What waits is counted by its keys: a long value takes more than one frame.
    [Fact]
    public void Move_OfALongValueThatWasWrittenLast_EndsWhenAllOfItHasArrived()
    {
        var activation = new MovedActivation();
        long term = _registry[0].OpenAlone(activation);
        var copies = new OutgoingCopies(_registry, ReplicaMode.None, _time);
        copies.Follow(ViewInWhich(TestShards.Other), _ => true);

        CopyBatch all = copies.Next(TestShards.Other)!;
        Assert.Equal(default, copies.Moved);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(CacheStatus.Success, _store.Set("long", new byte[1 << 20]));
        Answer(copies, all);
        while (activation.Ticket is null)
        {
            Answer(copies, copies.Next(TestShards.Other)!);
        }

        Assert.Equal(term + 1, activation.Ticket.Value.Term);
        Assert.Equal(new MoveTally(1, TimeSpan.FromSeconds(2)), copies.Moved);
        Open(_copy, activation.Ticket);
        Assert.Equal(CacheStatus.Paged, _heir.Get("long"));
    }

    // A silo of an older build does not say what it reads: it gets entries as it knows them.
    [Theory]
    [InlineData((byte)0, false)]
    [InlineData((byte)FrameFormat.WithoutWindows, false)]
    [InlineData((byte)FrameFormat.Newest, true)]
    [InlineData(byte.MaxValue, true)]
    public void Move_OfAnEntryThatHasAWindow_EndsAndTakesItWhereItIsKnown(byte format, bool isKept)
    {
        _format = format;
        var activation = new MovedActivation();
        _registry[0].OpenAlone(activation);
        _store.Set("plain", "value"u8);
        _store.Execute(new PackedOperation { Operation = CacheOperation.Set, Key = "key"u8, Value = "value"u8, Window = 8000 });
        var copies = new OutgoingCopies(_registry, ReplicaMode.None, _time);
        copies.Follow(ViewInWhich(TestShards.Other), _ => true);
        Send(copies);
        Open(_copy, Assert.NotNull(activation.Ticket));

        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(CacheStatus.Success, _heir.Get("key"));
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(CacheStatus.Success, _heir.Get("plain"));
        Assert.Equal(isKept ? CacheStatus.Success : CacheStatus.NotFound, _heir.Get("key"));
    }

    public void Dispose()
    {
        _store.Dispose();
        _heir.Dispose();
    }

    // A shard with an entry, served here, and its complete replica.
    private OutgoingCopies Replicated(ReplicaMode mode)
    {
        _registry[0].OpenAlone();
        _store.Set("key", "value"u8);
        var copies = new OutgoingCopies(_registry, mode, _time);
        copies.Follow(ViewInWhich(TestShards.Self), _ => false);
        Send(copies);
        Assert.Equal(1, copies.Progress.Protected);
        return copies;
    }

    // As the other silo does, which is alone.
    private static void Open(ShardSlot slot, OpeningTicket? ticket) =>
        new ShardOpening(0, slot.BeginOpening(activation: null!), ticket, slot, TestShards.Other)
            .Advance([TestShards.Other], viewVersion: 2, now: 0, noLeaseAt: 0);

    private void Send(OutgoingCopies copies)
    {
        while (copies.Next(TestShards.Other) is { } batch)
        {
            Answer(copies, batch);
        }
    }

    private void Answer(OutgoingCopies copies, CopyBatch batch) => copies.Answered(
        TestShards.Other,
        new CopyBatchReply([.. batch.Steps.Select(step => _copy.Receive(TestShards.Self, step))], _format));

    private static ViewSnapshot ViewInWhich(SiloAddress owner)
    {
        SiloAddress[] silos = [TestShards.Self, TestShards.Other];
        ViewSnapshot[] views = [View(silos), View([.. silos.Reverse()])];
        return Array.Find(views, view => owner.Equals(view.OwnerOf(0)))!;
    }

    private static ViewSnapshot View(SiloAddress[] silos) => new(
        membershipVersion: 1,
        shardCount: 1,
        silos.Index().ToFrozenDictionary(item => $"silo-{item.Index}", item => item.Item, StringComparer.Ordinal),
        draining: []);

    private sealed class MovedActivation : IShardActivation
    {
        public OpeningTicket? Ticket { get; private set; }

        public void Deactivate(string reason)
        {
        }

        public void Migrate(SiloAddress target, OpeningTicket ticket) => Ticket = ticket;
    }
}
