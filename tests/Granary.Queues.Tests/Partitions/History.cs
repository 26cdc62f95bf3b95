using Granary.Queues.Partitions;

namespace Granary.Queues.Tests.Partitions;

/// <summary>A partition with a clock and a log of its own; every command is compared with <see cref="Model"/>.</summary>
internal sealed class History
{
    private readonly QueueOptions _options;
    private readonly List<Receipt> _receipts = [];
    private readonly Random _random = new(1);
    private PartitionTime _now = new(1_000_000, 5_000);
    private long _epoch = 1;

    public History(QueueOptions options)
    {
        _options = options;
        Partition = new QueuePartition(options, 3, _epoch, _random);
        Model = new Model(options);
    }

    public QueuePartition Partition { get; private set; }

    public Model Model { get; }

    public List<(long First, long Next, byte[] Payload)> Rows { get; } = [];

    /// <summary>What a recovery must find after each row.</summary>
    public List<string> After { get; } = [];

    public List<byte[]> Snapshots { get; } = [];

    /// <summary>One command, by number; what it is about is chosen by two more numbers.</summary>
    public void Step(int command, int first, int second)
    {
        switch (command)
        {
            case 0 or 1 or 2:
                Send(first, second);
                break;
            case 3 or 4:
                TimeSpan lease = TimeSpan.FromMilliseconds(50 + second);
                IReadOnlyList<LeasedMessage> leased = Partition.Receive(1 + (first % 4), lease, _now);
                Model.Received(leased, 1 + (first % 4), _now, lease);
                _receipts.AddRange(leased.Select(one => one.Receipt));
                break;
            case >= 5 and <= 10 when _receipts.Count > 0:
                Settle(command, _receipts[first % _receipts.Count], second);
                break;
            case 11:
                _now = new PartitionTime(_now.Utc + second, _now.Monotonic + second);
                break;
            case 12:
                ReceiveDeferred(first);
                break;
            case 13:
                Assert.Equal(Model.Redriven(1 + (first % 3)), Partition.Redrive(new DeadFilter(), 1 + (first % 3), _now));
                break;
            case 14:
                Assert.Equal(Model.Cancelled(first % 40), Partition.Cancel(first % 40, _now));
                break;
            case 15 when first % 4 == 0:
                Recover();
                break;
            case 16:
                Partition.Options.IsPaused = Model.IsPaused = first % 4 == 0;
                break;
        }

        while (Partition.Tick(_now) > 0)
        {
        }

        Model.Advanced(_now, Partition);
        TakeCommit();
        Model.AssertSame(Partition, _now);
    }

    private void Send(int first, int second)
    {
        OutgoingMessage message = new()
        {
            Body = new byte[first % 7],
            MessageId = first % 3 == 0 ? $"id{second % 20}" : null,
            Group = first % 5 == 0 ? $"group{second % 3}" : null,
            DueAt = first % 4 == 0 ? DateTimeOffset.FromUnixTimeMilliseconds(_now.Utc + second) : null,
            TimeToLive = first % 6 == 1 ? TimeSpan.FromMilliseconds(1 + second) : null,
        };
        OutgoingMessage[] batch = first % 8 == 7 ? [message, message with { MessageId = null }] : [message];
        Model.Sent(batch, Partition.Send(batch, _now), _now);
    }

    private void Settle(int command, Receipt receipt, int second)
    {
        SettleOutcome outcome = command switch
        {
            5 or 6 => Partition.Complete(receipt, _now),
            7 => Partition.Abandon(receipt, "because", second % 2 == 0 ? TimeSpan.FromMilliseconds(second) : null, _now),
            8 => Partition.Release(receipt, _now),
            9 => second % 2 == 0
                ? Partition.Defer(receipt, _now)
                : Partition.DeadLetter(receipt, "poison", "details", _now),
            _ => Partition.Renew(receipt, TimeSpan.FromMilliseconds(second), _now),
        };
        Model.Settled(command, receipt, second, outcome, _now, _epoch);
    }

    private void ReceiveDeferred(int first)
    {
        long offset = first % 40;
        IReadOnlyList<LeasedMessage> leased = Partition.ReceiveDeferred([offset], null, _now);
        Model.ReceivedDeferred(offset, leased, _now);
        _receipts.AddRange(leased.Select(one => one.Receipt));
    }

    private void TakeCommit()
    {
        if (Partition.TryTakeCommit(out long first, out long next, out byte[] payload))
        {
            Rows.Add((first, next, payload));
            After.Add(Describe.Durable(Partition));
            Snapshots.Add(Partition.WriteSnapshot());
        }
    }

    // The next owner, from the newest snapshot or from all rows.
    private void Recover()
    {
        TakeCommit();
        QueuePartition next = Replayed(_options, _random, ++_epoch, Rows.Count, _epoch % 2 == 0 ? Rows.Count / 2 : -1);
        Assert.Equal(Describe.Durable(Partition), Describe.Durable(next));
        next.Options.IsPaused = Partition.Options.IsPaused; // its definition says so
        Partition = next;
        Model.Recovered();
    }

    /// <summary>A partition made of so many rows; from a snapshot after row <paramref name="snapshot"/>, if that is not -1.</summary>
    public QueuePartition Replayed(QueueOptions options, Random random, long epoch, int rows, int snapshot)
    {
        QueuePartition next = new(options, 3, epoch, random);
        int from = 0;
        if (snapshot >= 0 && snapshot < rows)
        {
            next.Restore(Snapshots[snapshot]);
            from = snapshot + 1;
        }

        for (int row = from; row < rows; row++)
        {
            next.Replay(Rows[row].First, Rows[row].Next, Rows[row].Payload);
        }

        return next;
    }
}
