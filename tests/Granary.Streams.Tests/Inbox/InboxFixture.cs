using System.Text;
using Granary.Queues;
using Granary.Streams.Inbox;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Streams.Tests.Inbox;

/// <summary>An inbox, and a partition that leases to it: a list of what it has leased, and of what was settled.</summary>
internal sealed class InboxFixture
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private int _attempts;

    public InboxFixture(InboxLimits? limits = null, QueueOptions? options = null)
    {
        Inbox = new PartitionInbox(
            limits ?? new InboxLimits(),
            new RetryDelays(options ?? new QueueOptions { RetryDelay = TimeSpan.Zero }, new Random(1)),
            Time,
            message => message.Headers.IsEmpty ? null : StreamId.Create("n", Encoding.UTF8.GetString(message.Headers.Span)));
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddDays(1));

    public PartitionInbox Inbox { get; }

    /// <summary>Settlements that have been made, in order.</summary>
    public List<(long Offset, SettlementKind Kind)> Settled { get; } = [];

    public static StreamId Stream(string stream) => StreamId.Create("n", stream);

    public StoredMessage Content(string stream, long offset, int lengthBytes = 1) =>
        new(
            offset,
            Time.GetUtcNow().ToUnixTimeMilliseconds(),
            0,
            long.MaxValue,
            null,
            null,
            Encoding.UTF8.GetBytes(stream),
            new byte[lengthBytes]);

    public LeasedContent Leased(string stream, long offset, int failures = 0, int lengthBytes = 1) =>
        new(
            new LeasedMessage(new Receipt(0, offset, ++_attempts, 1), failures, 0, Lease),
            Content(stream, offset, lengthBytes));

    /// <summary>A receive that brings messages of a stream, by offset.</summary>
    public void Receive(string stream, params long[] offsets) =>
        Receive([.. offsets.Select(offset => Leased(stream, offset))]);

    public void Receive(params LeasedContent[] leased)
    {
        Inbox.BeginReceive();
        Inbox.Receive(leased);
    }

    /// <summary>The agent reads: it opens who listens to what it does not know, and is told all.</summary>
    public List<Offer> Read()
    {
        List<Offer> offers = Inbox.TakeOffers();
        offers.ForEach(Inbox.Told);
        return offers;
    }

    /// <summary>Settles all there is to settle.</summary>
    public void Settle(SettleOutcome outcome = SettleOutcome.Done)
    {
        SettlementBatch batch = Inbox.TakeSettlements();
        Settlement[] made = batch.Settlements;
        Settled.AddRange(made.Select(one => (one.Receipt.Offset, one.Kind)));
        Inbox.Settled(batch, [.. made.Select(_ => outcome)]);
    }

    /// <summary>A subscriber takes all that it is given, and returns.</summary>
    public static List<long> Drain(LaneReader reader)
    {
        List<long> had = [];
        while (reader.TryMoveNext())
        {
            reader.Attempt.Deliver();
            had.Add(reader.Current!.Offset);
        }

        return had;
    }

    public static void Fail(LaneReader reader)
    {
        Assert.True(reader.TryMoveNext());
        reader.Attempt.Fail("no", isCounted: true);
        reader.FailCurrent();
    }
}
