using Granary.Queues;
using Granary.Streams.Inbox;

namespace Granary.Streams.Tests.Inbox;

/// <summary>What a subscription fails with comes again to it, in its place, and to nobody else.</summary>
public sealed class RedeliveryTests
{
    private readonly InboxFixture _fixture = new();

    [Fact]
    public void Message_ThatFails_IsCounted_AndComesAgainToThatSubscriptionAlone()
    {
        LaneReader good = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        LaneReader bad = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1, 2);
        _fixture.Read();
        Assert.Equal([1, 2], InboxFixture.Drain(good));

        InboxFixture.Fail(bad);
        _fixture.Settle();
        Assert.Equal([(1, SettlementKind.Abandon)], _fixture.Settled);
        Assert.False(bad.TryMoveNext()); // until it is leased again, and the second waits behind it

        _fixture.Receive("s", 1);
        Assert.Single(_fixture.Read());
        Assert.Equal([1, 2], InboxFixture.Drain(bad));
        Assert.Empty(InboxFixture.Drain(good));
        _fixture.Settle();
        Assert.Equal([1, 2], _fixture.Settled.Where(one => one.Kind == SettlementKind.Complete).Select(one => one.Offset));
    }

    [Fact]
    public void Message_LeasedAgainBeforeItsFailureIsAnswered_IsNotLost()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1);
        InboxFixture.Fail(reader);
        SettlementBatch under = _fixture.Inbox.TakeSettlements();

        _fixture.Receive("s", 1);
        _fixture.Inbox.Settled(under, [SettleOutcome.Done]);

        Assert.Equal([1], InboxFixture.Drain(reader));
    }

    [Fact]
    public void Message_ThatDoesNotComeAgain_IsDead_AndTheStreamGoesOn()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1, 2);
        _fixture.Read();
        InboxFixture.Fail(reader);
        _fixture.Settle();

        _fixture.Receive("s", 3);

        Assert.NotEmpty(_fixture.Read());
        Assert.Equal([2, 3], InboxFixture.Drain(reader));
    }

    [Fact]
    public void Message_GivenBackAfterAReceiveHadBegun_IsWaitedFor()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1);
        InboxFixture.Fail(reader);
        _fixture.Inbox.BeginReceive();
        _fixture.Settle();
        _fixture.Inbox.Receive([]); // it was not back yet when the receive was answered

        _fixture.Receive("s", 1);

        Assert.Equal([1], InboxFixture.Drain(reader));
    }

    [Fact]
    public void Message_ThatFails_IsOfferedAgainWhenItsDelayIsOver()
    {
        InboxFixture fixture = new(options: new QueueOptions { RetryDelay = TimeSpan.FromSeconds(8) });
        LaneReader reader = fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        fixture.Receive("s", 1);
        fixture.Read();
        InboxFixture.Fail(reader);
        fixture.Settle();
        fixture.Receive(fixture.Leased("s", 1, failures: 1));
        fixture.Read();
        Assert.False(reader.TryMoveNext());

        TimeSpan wait = fixture.Inbox.NextAt - fixture.Inbox.Now;
        fixture.Time.Advance(wait - TimeSpan.FromTicks(1));
        fixture.Inbox.Tick();
        Assert.Empty(fixture.Read());
        fixture.Time.Advance(TimeSpan.FromTicks(1));
        fixture.Inbox.Tick();

        Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(8));
        Assert.Single(fixture.Read());
        Assert.Equal([1], InboxFixture.Drain(reader));
    }

    [Fact]
    public void Subscriber_ThatIsNotReached_IsTriedAgain_AndNoFailureIsCounted()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1);
        Assert.True(reader.TryMoveNext());
        reader.Attempt.Fail("its silo has died", isCounted: false);
        reader.FailCurrent();
        _fixture.Settle();

        Assert.Empty(_fixture.Settled);
        Assert.False(reader.TryMoveNext());
        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([1], InboxFixture.Drain(reader));
    }

    [Fact]
    public void Lease_ThatIsLost_IsTakenAgain_AndTheMessageIsNotGivenTwice()
    {
        LaneReader reader = _fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        _fixture.Receive("s", 1);
        Assert.True(reader.TryMoveNext());
        _fixture.Time.Advance(InboxFixture.Lease);
        _fixture.Settle(SettleOutcome.LockLost);

        reader.Attempt.Deliver(); // meanwhile it is had
        Assert.False(reader.TryMoveNext());
        Assert.Equal(1, _fixture.Inbox.Room > 0 ? 1 : 0);
        _fixture.Receive("s", 1);
        _fixture.Settle();

        Assert.Equal((1, SettlementKind.Complete), _fixture.Settled[^1]);
        Assert.False(reader.TryMoveNext());
    }
}
