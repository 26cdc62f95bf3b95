using Granary.Queues;
using Granary.Streams.Inbox;

namespace Granary.Streams.Tests.Inbox;

/// <summary>What nobody listens to, and what does not fit, waits in the queue, and comes in order when it is wanted.</summary>
public sealed class ParkingTests
{
    [Fact]
    public void Messages_ThatNobodyListensTo_AreParked_OnceTheAgentHasAsked()
    {
        InboxFixture fixture = new();
        fixture.Receive("s", 1, 2);
        fixture.Settle();
        Assert.Empty(fixture.Settled); // the agent does not know of it yet

        fixture.Read();
        fixture.Settle();

        Assert.Equal([(1, SettlementKind.Defer), (2, SettlementKind.Defer)], fixture.Settled);
        Assert.Equal((0, 2), (fixture.Inbox.HeldCount, fixture.Inbox.ParkedCount));
    }

    [Fact]
    public void Messages_Parked_AreNoWork()
    {
        InboxFixture fixture = Parked(1);
        fixture.Inbox.Tick();
        fixture.Read(); // the agent is made to ask once more
        fixture.Settle();
        fixture.Settled.Clear();

        for (int second = 0; second < 59; second++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            fixture.Inbox.Tick();
            fixture.Settle();
            Assert.Empty(fixture.Read());
        }

        Assert.Empty(fixture.Settled);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        fixture.Inbox.Tick();
        Assert.Null(Assert.Single(fixture.Read()).Message); // only the name of the stream
    }

    [Fact]
    public void Subscription_ThatAppears_GetsWhatIsParked_InOrder_AndWhatCameLaterAfterIt()
    {
        InboxFixture fixture = Parked(1, 2);
        LaneReader reader = fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        fixture.Receive("s", 3); // has to wait its turn
        fixture.Settle();

        Recall first = fixture.Inbox.TakeRecall()!;
        Assert.Equal([1, 2], first.Offsets);
        fixture.Inbox.Recalled(first, [fixture.Leased("s", 1), fixture.Leased("s", 2)]);
        Recall second = fixture.Inbox.TakeRecall()!;
        fixture.Inbox.Recalled(second, [fixture.Leased("s", 3)]);

        Assert.Equal([1, 2, 3], InboxFixture.Drain(reader));
        Assert.Equal(0, fixture.Inbox.ParkedCount);
        Assert.Null(fixture.Inbox.TakeRecall());
    }

    [Fact]
    public void Recall_ThatBringsPartOfIt_ForgetsNothing()
    {
        InboxFixture fixture = Parked(1, 2, 3);
        fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        Recall recall = fixture.Inbox.TakeRecall()!;

        fixture.Inbox.Recalled(recall, [fixture.Leased("s", 2)]); // 1 was redriven or purged; 3 did not fit into the call

        Assert.Equal([3], fixture.Inbox.TakeRecall()!.Offsets);
    }

    [Fact]
    public void Recall_ThatFails_ComesAgain()
    {
        InboxFixture fixture = Parked(1);
        fixture.Inbox.Open(InboxFixture.Stream("s"), null);

        fixture.Inbox.EndRecall(fixture.Inbox.TakeRecall()!);

        Assert.Equal([1], fixture.Inbox.TakeRecall()!.Offsets);
    }

    [Fact]
    public void Messages_ParkedForTooLong_AreDeadLetters()
    {
        InboxFixture fixture = Parked(1);
        fixture.Inbox.Tick();
        Assert.Null(fixture.Inbox.TakeRecall());

        fixture.Time.Advance(new InboxLimits().Retention + TimeSpan.FromMinutes(1));
        fixture.Inbox.Tick();
        Recall recall = fixture.Inbox.TakeRecall()!;
        fixture.Inbox.Recalled(recall, [fixture.Leased("s", 1)]);
        fixture.Settle();

        Assert.Equal((1, SettlementKind.DeadLetter), fixture.Settled[^1]);
        Assert.Equal((0, 0), (fixture.Inbox.HeldCount, fixture.Inbox.ParkedCount));
    }

    [Fact]
    public void Stream_ThatIsSlow_IsParked_AndOthersFindRoom()
    {
        InboxFixture fixture = new(new InboxLimits { Messages = 16 });
        LaneReader slow = fixture.Inbox.Open(InboxFixture.Stream("slow"), null);
        LaneReader quick = fixture.Inbox.Open(InboxFixture.Stream("quick"), null);

        for (long offset = 1; offset <= 100; offset++)
        {
            Assert.True(fixture.Inbox.Room > 0);
            fixture.Receive("slow", offset);
            fixture.Settle();
        }

        fixture.Receive("quick", 101);
        Assert.Equal([101], InboxFixture.Drain(quick));
        Assert.True(fixture.Inbox.HeldCount < 8);
        Assert.Equal(Enumerable.Range(1, 100).Select(one => (long)one), DrainAll(fixture, slow));
    }

    [Fact]
    public void Streams_MoreThanFit_AllComeToTheirTurn()
    {
        InboxFixture fixture = new(new InboxLimits { Messages = 8 });
        LaneReader[] readers =
        [
            .. Enumerable.Range(0, 20).Select(one => fixture.Inbox.Open(InboxFixture.Stream($"s{one}"), null)),
        ];
        List<(int Stream, long Offset)> sent = [.. Enumerable.Range(0, 200).Select(one => (one % 20, (long)one))];
        int next = 0;
        List<(int, long)> had = [];

        for (int round = 0; round < 1000 && had.Count < sent.Count; round++)
        {
            while (next < sent.Count && fixture.Inbox.Room > 0)
            {
                fixture.Receive($"s{sent[next].Stream}", sent[next].Offset);
                next++;
                fixture.Settle();
            }

            int reading = round % readers.Length;
            had.AddRange(InboxFixture.Drain(readers[reading]).Select(offset => (reading, offset)));
            fixture.Settle();
            RecallAll(fixture, offset => $"s{offset % 20}");
        }

        Assert.Equal(sent.OrderBy(one => one.Stream), had.OrderBy(one => one.Item1)); // each stream's in order
    }

    [Fact]
    public void Message_FarLongerThanTheRoom_IsTakenAlone()
    {
        InboxFixture fixture = new(new InboxLimits { Bytes = 100 });
        LaneReader reader = fixture.Inbox.Open(InboxFixture.Stream("s"), null);

        fixture.Receive(fixture.Leased("s", 1, lengthBytes: 1000));

        Assert.Equal(0, fixture.Inbox.Room);
        Assert.Equal([1], InboxFixture.Drain(reader));
        fixture.Settle();
        Assert.NotEqual(0, fixture.Inbox.Room);
    }

    [Fact]
    public void Park_ThatIsFull_TakesNoMore()
    {
        InboxFixture fixture = new(new InboxLimits { Parked = 2 });
        fixture.Inbox.AddParked(fixture.Content("s", 1));
        Assert.NotEqual(0, fixture.Inbox.Room);

        fixture.Inbox.AddParked(fixture.Content("t", 2));

        Assert.True(fixture.Inbox.IsParkFull);
        Assert.Equal(0, fixture.Inbox.Room);
    }

    [Fact]
    public void Streams_ThatAreDone_AreForgotten()
    {
        InboxFixture fixture = new();
        LaneReader reader = fixture.Inbox.Open(InboxFixture.Stream("s"), null);
        fixture.Receive("s", 1);
        InboxFixture.Drain(reader);
        fixture.Settle();
        Assert.Equal(1, fixture.Inbox.LaneCount);

        reader.Dispose();
        fixture.Settle();

        Assert.Equal(0, fixture.Inbox.LaneCount);
    }

    [Fact]
    public void Offsets_AddedInAnyOrder_ComeInTheirOwn()
    {
        Random random = new(7);
        long[] offsets = [.. Enumerable.Range(0, 500).Select(one => (long)one)];
        random.Shuffle(offsets);
        ParkedOffsets parked = new();
        Array.ForEach(offsets, offset => Assert.True(parked.TryAdd(offset, offset)));
        Assert.False(parked.TryAdd(17, 0));

        List<long> taken = [];
        while (parked.Count > 0)
        {
            long[] some = parked.Peek(1 + random.Next(9));
            taken.AddRange(some);
            Array.ForEach(some, offset => Assert.True(parked.Remove(offset)));
            Assert.False(parked.Remove(some[0]));
        }

        Assert.Equal(offsets.Order(), taken);
    }

    private static InboxFixture Parked(params long[] offsets)
    {
        InboxFixture fixture = new();
        fixture.Receive("s", offsets);
        fixture.Read();
        fixture.Settle();
        fixture.Read();
        Assert.Equal(offsets.Length, fixture.Inbox.ParkedCount);
        return fixture;
    }

    private static List<long> DrainAll(InboxFixture fixture, LaneReader reader)
    {
        List<long> all = [];
        for (int had = -1; had != all.Count;)
        {
            had = all.Count;
            all.AddRange(InboxFixture.Drain(reader));
            fixture.Settle();
            RecallAll(fixture, _ => "slow");
            all.AddRange(InboxFixture.Drain(reader));
            fixture.Settle();
        }

        return all;
    }

    private static void RecallAll(InboxFixture fixture, Func<long, string> streamOf)
    {
        while (fixture.Inbox.TakeRecall() is { } recall)
        {
            fixture.Inbox.Recalled(recall, [.. recall.Offsets.Select(offset => fixture.Leased(streamOf(offset), offset))]);
        }
    }
}
