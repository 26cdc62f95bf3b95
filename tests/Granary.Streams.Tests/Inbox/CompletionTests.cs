using Granary.Queues;
using Granary.Streams.Inbox;

namespace Granary.Streams.Tests.Inbox;

/// <summary>A message is done when all subscriptions of its stream have passed it, and not before.</summary>
public sealed class CompletionTests
{
    private readonly InboxFixture _fixture = new();

    [Fact]
    public void Message_ThatAllSubscriptionsHaveHad_IsCompletedByItself()
    {
        LaneReader one = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        LaneReader two = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1, 2);

        Assert.Equal([1, 2], InboxFixture.Drain(one));
        _fixture.Settle();
        Assert.Empty(_fixture.Settled);

        Assert.True(two.TryMoveNext());
        two.Attempt.Deliver();
        Assert.True(two.TryMoveNext()); // the first is behind it, the second is under way
        _fixture.Settle();

        Assert.Equal([(1, SettlementKind.Complete)], _fixture.Settled);
    }

    [Fact]
    public void Message_OfASlowStream_HoldsUpNoOtherStreams()
    {
        LaneReader slow = _fixture.Inbox.Open(InboxFixture.Stream("slow"), null);
        LaneReader quick = _fixture.Inbox.Open(InboxFixture.Stream("quick"), null);
        _fixture.Receive("slow", 1);
        _fixture.Receive("quick", 2, 3);
        Assert.True(slow.TryMoveNext());

        InboxFixture.Drain(quick);
        _fixture.Settle();

        Assert.Equal([(2, SettlementKind.Complete), (3, SettlementKind.Complete)], _fixture.Settled);
    }

    [Fact]
    public void Message_UnderWayWhenASubscriptionIsResumed_IsNotPassedOver()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1, 2);
        Assert.True(reader.TryMoveNext());
        reader.Attempt.Fail("no", isCounted: true);

        bool moved = reader.TryMoveNext(); // the agent does not say that it has failed

        Assert.False(moved);
        _fixture.Settle();
        Assert.Equal([(1, SettlementKind.Abandon)], _fixture.Settled);
    }

    [Fact]
    public void Message_ThatAFilterLeavesOut_IsPassed()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1);

        Assert.True(reader.TryMoveNext());
        Assert.False(reader.TryMoveNext());
        _fixture.Settle();

        Assert.Equal([(1, SettlementKind.Complete)], _fixture.Settled);
    }

    [Fact]
    public void Subscription_ThatIsSlowerAndGoes_HoldsNothingBack()
    {
        LaneReader one = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        LaneReader two = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1);
        InboxFixture.Drain(one);

        two.Dispose();
        _fixture.Settle();

        Assert.Equal([(1, SettlementKind.Complete)], _fixture.Settled);
    }

    [Fact]
    public void Stream_ThatTheAgentLetsGo_LosesNothingThatOneOfItsSubscriptionsHasNotHad()
    {
        LaneReader one = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        LaneReader two = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1);
        _fixture.Read();
        InboxFixture.Drain(one);

        two.Dispose();
        one.Dispose(); // both, before anything else happens
        _fixture.Settle();

        Assert.Equal([(1, SettlementKind.Defer)], _fixture.Settled);
    }

    [Fact]
    public void Subscription_ThatIsNew_BeginsWithWhatNobodyHasHad()
    {
        LaneReader pin = _fixture.Inbox.Open(InboxFixture.Stream("s"), 1); // while the agent asks who listens
        LaneReader old = _fixture.Inbox.Open(InboxFixture.Stream("s"), 1);
        _fixture.Receive("s", 1, 2);
        Assert.True(old.TryMoveNext());
        old.Attempt.Deliver();
        Assert.True(old.TryMoveNext());

        LaneReader late = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        pin.Dispose();

        Assert.Equal([2], InboxFixture.Drain(late));
    }

    [Fact]
    public void Subscription_ThatComesWhileTheAgentAsksWhoListens_GetsWhatIsThere()
    {
        _fixture.Receive("s", 1);
        LaneReader pin = _fixture.Inbox.Open(InboxFixture.Stream("s"), 1);
        LaneReader first = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        pin.Dispose();
        _fixture.Settle();

        Assert.Equal([1], InboxFixture.Drain(first));
    }

    [Fact]
    public void Message_ThatCannotBeSettledYet_IsSettledAgain()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1);
        InboxFixture.Drain(reader);

        _fixture.Settle(SettleOutcome.Unknown);
        _fixture.Settle();
        _fixture.Settle();

        Assert.Equal([(1, SettlementKind.Complete), (1, SettlementKind.Complete)], _fixture.Settled);
        Assert.Equal(0, _fixture.Inbox.HeldCount);
    }

    [Fact]
    public void Leases_OfWhatIsHeld_AreRenewedInTime()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1);
        Assert.True(reader.TryMoveNext());

        Assert.True(_fixture.Inbox.NextAt <= InboxFixture.Lease / 2);
        _fixture.Time.Advance(_fixture.Inbox.NextAt);
        _fixture.Settle();
        _fixture.Time.Advance(_fixture.Inbox.NextAt - _fixture.Inbox.Now);
        _fixture.Settle();

        Assert.Equal([(1, SettlementKind.Renew), (1, SettlementKind.Renew)], _fixture.Settled);
    }

    [Fact]
    public void Agent_ThatStops_SettlesWhatIsDone_AndGivesBackTheRest()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1, 2, 3);
        Assert.True(reader.TryMoveNext());
        reader.Attempt.Deliver();
        Assert.True(reader.TryMoveNext());

        Settlement[] all = _fixture.Inbox.TakeAll().Settlements;

        Assert.Equal(
            [(1, SettlementKind.Complete), (2, SettlementKind.Release), (3, SettlementKind.Release)],
            all.Select(one => (one.Receipt.Offset, one.Kind)).Order());
    }

    [Fact]
    public void Message_ThatNamesNoStream_IsADeadLetter()
    {
        _fixture.Receive("", 1);
        _fixture.Settle();

        Assert.Equal([(1, SettlementKind.DeadLetter)], _fixture.Settled);
    }
}
