using Granary.Queues;

namespace Granary.Abstractions.Tests.Queues;

public sealed class QueueDefinitionTests
{
    // What subscriptions have taken is in the topic's log and nowhere else.
    [Theory]
    [InlineData(Durability.Strict, true)]
    [InlineData(Durability.Relaxed, true)]
    [InlineData(Durability.Memory, false)]
    public void Topic_IsDurable(Durability durability, bool isTaken)
    {
        var topic = new QueueDefinition("orders", 1, new QueueOptions { Durability = durability }) { Topic = new TopicOptions() };

        Exception? refusal = Record.Exception(topic.Validate);

        Assert.Equal(isTaken, refusal is null);
        Assert.True(isTaken || refusal!.Message.Contains("orders", StringComparison.Ordinal));
    }
}
