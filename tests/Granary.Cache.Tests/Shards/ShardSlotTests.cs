using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Granary.Shards;
using Granary.Store;
using Granary.Store.Copies;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Shards;

/// <summary>What becomes of a shard's entries when its activation ends, another begins, or another silo claims it.</summary>
public sealed class ShardSlotTests : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _store;
    private readonly ShardSlot _slot;
    private readonly RecordedActivation _activation = new();

    public ShardSlotTests()
    {
        _store = TestStore.Create(_time);
        _slot = TestShards.Create(_store, _time)[0];
    }

    [Fact]
    public void Operation_BeforeOpen_IsNotDone()
    {
        _slot.BeginOpening(_activation);

        Assert.Equal(CacheStatus.None, _store.Set("key", "value"u8));
        Assert.Equal(ShardState.Opening, _slot.State);
    }

    [Fact]
    public void Open_AfterDeactivationHere_AdoptsTheEntries()
    {
        long incarnation = OpenWithAnEntry();
        _slot.Close(incarnation);
        Assert.Equal(CacheStatus.None, _store.Get("key"));

        _slot.OpenAlone();

        Assert.Equal(CacheStatus.Success, _store.Get("key"));
    }

    [Fact]
    public void Close_OfAnOlderActivation_DoesNothing()
    {
        long incarnation = OpenWithAnEntry();

        _slot.Close(incarnation - 1);

        Assert.Equal(CacheStatus.Success, _store.Get("key"));
    }

    [Fact]
    public void Inquire_OfAHigherTerm_StopsServingAndOffersWhatWasServed()
    {
        OpenWithAnEntry();

        ShardAnswer answer = _slot.Inquire(TestShards.Other, 9);

        Assert.Equal((9, CopyKind.Parked, 1), (answer.Promised, answer.Copy, answer.CopyTerm));
        Assert.Equal(CacheStatus.None, _store.Get("key"));
        Assert.True(_activation.IsDeactivated);
    }

    [Fact]
    public void Inquire_OfATermThatIsPromisedToAnother_IsRefused()
    {
        _slot.Inquire(TestShards.Other, 9);

        Assert.NotEqual(9, _slot.Inquire(TestShards.Self, 9).Promised);
        Assert.Equal(9, _slot.Inquire(TestShards.Other, 9).Promised); // asked again
        Assert.Equal(9, _slot.Inquire(TestShards.Other, 8).Promised);
    }

    [Fact]
    public void Announce_ByAnotherSilo_DropsOlderCopies()
    {
        _slot.Close(OpenWithAnEntry());

        Assert.Equal(2, _slot.Announce(TestShards.Other, 2));

        Assert.Equal(CopyKind.None, _slot.Copy);
        Assert.Equal(3, _slot.OpenAlone());
        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    [Fact]
    public void Announce_BelowAPromise_IsRefusedAndDropsNothing()
    {
        _slot.Close(OpenWithAnEntry());
        _slot.Inquire(TestShards.Other, 9);

        Assert.Equal(9, _slot.Announce(TestShards.Other, 8));

        Assert.Equal(CopyKind.Parked, _slot.Copy);
    }

    [Fact]
    public void Unseal_AfterAClaim_IsRefused()
    {
        OpenWithAnEntry();
        Assert.True(_slot.TrySeal(1));
        Assert.Equal(CacheStatus.None, _store.Get("key"));
        Assert.True(_slot.TryUnseal(1));
        Assert.Equal(CacheStatus.Success, _store.Get("key"));
        Assert.True(_slot.TrySeal(1));

        _slot.Inquire(TestShards.Other, 2);

        Assert.False(_slot.TryUnseal(1));
        Assert.Equal(CacheStatus.None, _store.Get("key"));
    }

    [Fact]
    public void Receive_OfALowerTerm_IsRefused()
    {
        _slot.Inquire(TestShards.Other, 9);

        CopyStepReply reply = _slot.Receive(TestShards.Other, Step(1, CopySteps.Begin, term: 8));

        Assert.Equal(new CopyStepReply(CopyStepOutcome.Refused, 9), reply);
    }

    [Fact]
    public void Receive_OfAStepThatWasLost_BreaksTheCopy()
    {
        Assert.Equal(CopyStepOutcome.Applied, _slot.Receive(TestShards.Other, Step(1, CopySteps.Begin)).Outcome);
        Assert.Equal(CopyStepOutcome.Applied, _slot.Receive(TestShards.Other, Step(1, CopySteps.Begin)).Outcome);
        Assert.Equal(CopyStepOutcome.Broken, _slot.Receive(TestShards.Other, Step(3, CopySteps.None)).Outcome);
        Assert.Equal(CopyKind.None, _slot.Copy);
    }

    [Fact]
    public void Copy_IsOpenedByTheTicketThatNamesIt()
    {
        ReceiveAnEntry(CopySteps.Begin | CopySteps.Complete | CopySteps.Final);

        Assert.Equal(6, _slot.OpenAlone(_activation, new OpeningTicket(6, Copy: 7)));

        Assert.Equal(CacheStatus.Success, _store.Get("key"));
    }

    [Theory]
    [InlineData(6, 8, CopySteps.Complete | CopySteps.Final)] // another copy
    [InlineData(7, 7, CopySteps.Complete | CopySteps.Final)] // another term
    [InlineData(6, 7, CopySteps.Complete)] // its owner has not sealed the shard
    public void Copy_OfAMove_IsOpenedByNothingElse(long term, long copy, CopySteps steps)
    {
        ReceiveAnEntry(CopySteps.Begin | steps);

        _slot.OpenAlone(_activation, new OpeningTicket(term, copy));

        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    [Fact]
    public void Ticket_AfterAClaim_IsNotValid()
    {
        ReceiveAnEntry(CopySteps.Begin | CopySteps.Complete | CopySteps.Final);
        _slot.Inquire(TestShards.Other, 6);

        _slot.OpenAlone(_activation, new OpeningTicket(6, Copy: 7));

        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    [Theory]
    [InlineData(CopySteps.Complete, CacheStatus.Success)]
    [InlineData(CopySteps.None, CacheStatus.NotFound)]
    public void Replica_IsOpenedWhenItIsComplete(CopySteps steps, CacheStatus expected)
    {
        ReceiveAnEntry(CopySteps.Begin | steps, CopyKind.Replica);

        _slot.OpenAlone();

        Assert.Equal(expected, _store.Get("key"));
    }

    [Theory]
    [InlineData(true, 11, false, CopyKind.None)] // its owner is there, and does not speak of it any more
    [InlineData(true, 9, false, CopyKind.Replica)]
    [InlineData(true, 11, true, CopyKind.Replica)] // its owner cannot have gone on without it
    [InlineData(false, 11, false, CopyKind.Replica)] // its owner has died: it waits for who will serve it
    public void Replica_ExpiresWhenItsOwnerIsSilent(bool isActive, int seconds, bool isAwaited, CopyKind expected)
    {
        ReceiveAnEntry(CopySteps.Begin | CopySteps.Complete, CopyKind.Replica);
        _time.Advance(TimeSpan.FromSeconds(seconds));

        _slot.Expire(_ => isActive, Silence, isAwaited);

        Assert.Equal(expected, _slot.Copy);
    }

    [Fact]
    public void IncompleteReplica_OfADeadOwner_IsDropped()
    {
        ReceiveAnEntry(CopySteps.Begin, CopyKind.Replica);

        _slot.Expire(_ => false, Silence, isAwaited: true);

        Assert.Equal(CopyKind.None, _slot.Copy);
    }

    [Fact]
    public void Saved_IsOpenedIfNobodyHasServedTheShard()
    {
        HoldSavedEntry();

        _slot.OpenAlone();
        _slot.DropSaved(); // too late: it is served

        Assert.Equal(CacheStatus.Success, _store.Get("key"));
    }

    [Fact]
    public void Saved_IsNotOpenedIfAnotherSiloHasHeardOfAnOwner()
    {
        HoldSavedEntry();
        var opening = new ShardOpening(0, _slot.BeginOpening(_activation), ticket: null, _slot, TestShards.Self);
        SiloAddress[] members = [TestShards.Self, TestShards.Other];
        opening.Advance(members, viewVersion: 1, now: 0, noLeaseAt: 0);

        var heard = new ShardAnswer
        {
            Promised = opening.Claim.Term,
            Announced = 1,
            Copy = CopyKind.None,
            CopyTerm = 0,
            Changes = 0,
        };
        opening.Inquired(TestShards.Other, opening.Claim, heard, viewVersion: 1, noLeaseAt: 0);
        opening.Advance(members, viewVersion: 1, now: 0, noLeaseAt: 0);
        opening.Announced(TestShards.Other, opening.Claim, opening.Claim.Term, viewVersion: 1);
        opening.Advance(members, viewVersion: 1, now: 0, noLeaseAt: 0);

        Assert.Equal(ShardState.Open, _slot.State);
        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    [Fact]
    public void Saved_IsDroppedWhenAnotherSiloWasThereBefore()
    {
        HoldSavedEntry();

        _slot.DropSaved();
        _slot.OpenAlone();

        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    public void Dispose() => _store.Dispose();

    private static CopyStep Step(
        int number, CopySteps steps, long term = 5, CopyKind kind = CopyKind.Move, byte[]? frame = null) =>
        new(0, term, 7, number, kind, steps, frame);

    private long OpenWithAnEntry()
    {
        long incarnation = _slot.BeginOpening(_activation);
        var opening = new ShardOpening(0, incarnation, ticket: null, _slot, TestShards.Self);
        opening.Advance([TestShards.Self], viewVersion: 1, now: 0, noLeaseAt: 0);
        Assert.Equal(CacheStatus.Success, _store.Set("key", "value"u8));
        return incarnation;
    }

    private void HoldSavedEntry()
    {
        _store.Open(0);
        _store.Set("key", "value"u8);
        _store.Close(0);
        _slot.HoldSaved();
    }

    private void ReceiveAnEntry(CopySteps steps, CopyKind kind = CopyKind.Move)
    {
        using CacheStore source = TestStore.Create(_time);
        source.Open(0);
        source.Set("key", "value"u8);
        using ShardFeed feed = source.OpenFeed(0);
        byte[] frame = new byte[ShardFeed.SmallestFrameBytes];
        frame = frame[..feed.Read(frame)];

        Assert.Equal(CopyStepOutcome.Applied, _slot.Receive(TestShards.Other, Step(1, steps, kind: kind, frame: frame)).Outcome);
    }

    private sealed class RecordedActivation : IShardActivation
    {
        public bool IsDeactivated { get; private set; }

        public void Deactivate(string reason) => IsDeactivated = true;

        public void Migrate(SiloAddress target, OpeningTicket ticket)
        {
        }
    }
}
