using Granary.Queues;

namespace Granary.Abstractions.Tests.Queues;

/// <summary>
/// Which partition a message goes to is a contract with what is on the disk: a MessageId that came elsewhere after an
/// upgrade would be stored twice. So the vectors are literals.
/// </summary>
public sealed class QueueRoutingTests
{
    private const int Partitions = 256;

    [Theory]
    [InlineData("a", 219)]
    [InlineData("order-1", 200)]
    [InlineData("customer 7", 29)]
    public void PartitionOf_AMessageIdOrAGroup_IsTheVector(string text, int expected)
    {
        Assert.Equal(expected, QueueRouting.PartitionOf(null, text, Partitions));
        Assert.Equal(expected, QueueRouting.PartitionOf(text, null, Partitions));
    }

    [Fact]
    public void PartitionOf_AGroupWithAMessageId_IsTheGroups()
    {
        Assert.Equal(
            QueueRouting.PartitionOf("customer 7", null, Partitions),
            QueueRouting.PartitionOf("customer 7", "order-1", Partitions));
    }

    [Fact]
    public void PartitionOf_Neither_IsAny()
    {
        Assert.Null(QueueRouting.PartitionOf(null, null, Partitions));
    }

    [Fact]
    public void PartitionOf_ManyMessageIds_IsInRangeAndReachesEveryPartition()
    {
        int[] partitions = [.. Enumerable.Range(0, 10_000).Select(id => QueueRouting.PartitionOf(null, $"{id}", Partitions)!.Value)];

        Assert.All(partitions, partition => Assert.InRange(partition, 0, Partitions - 1));
        Assert.Equal(Partitions, partitions.Distinct().Count());
    }
}
