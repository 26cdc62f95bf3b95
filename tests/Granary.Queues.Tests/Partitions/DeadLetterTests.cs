using Granary.Queues.Partitions;

namespace Granary.Queues.Tests.Partitions;

/// <summary>Dead letters that an operator takes in hand, all or some.</summary>
public sealed class DeadLetterTests
{
    private const int Index = 3;

    private static readonly PartitionTime Now = new(1_000_000, 5_000);

    private readonly QueuePartition _partition = new(new QueueOptions(), Index, epoch: 1, new Random(1));

    public DeadLetterTests()
    {
        _partition.Send([new OutgoingMessage(), new OutgoingMessage(), new OutgoingMessage()], Now);
        foreach ((int number, LeasedMessage message) in _partition.Receive(3, null, Now).Index())
        {
            _partition.DeadLetter(message.Receipt, number == 1 ? "poison" : "late", null, Now);
        }
    }

    [Fact]
    public void Redrive_ByReason_LeavesTheOthers()
    {
        Assert.Equal(1, _partition.Redrive(new DeadFilter("poison"), 10, Now));

        Assert.Equal([1L], OffsetsOf(MessageState.Ready));
        Assert.Equal([0L, 2L], OffsetsOf(MessageState.Dead));
    }

    [Fact]
    public void Redrive_ByPosition_LeavesTheOthers()
    {
        DeadFilter filter = new(Positions: [new MessagePosition(Index, 2), new MessagePosition(Index + 1, 0)]);

        Assert.Equal(1, _partition.Redrive(filter, 10, Now));

        Assert.Equal([2L], OffsetsOf(MessageState.Ready));
    }

    [Fact]
    public void Purge_ByReason_LeavesTheOthers()
    {
        Assert.Equal(2, _partition.Purge(MessageState.Dead, new DeadFilter("late"), 10, Now));

        Assert.Equal([1L], OffsetsOf(MessageState.Dead));
        Assert.Empty(OffsetsOf(MessageState.Ready));
    }

    private IEnumerable<long> OffsetsOf(MessageState state) => _partition.Peek(state, 0, 10).Select(static one => one.Offset);
}
