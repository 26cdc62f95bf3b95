using Granary.Queues.Doors;

namespace Granary.Queues.Tests.Doors;

public sealed class SendRoutesTests
{
    private const int Partitions = 8;

    [Fact]
    public void Batch_ThatMayGoAnywhere_StaysWhole()
    {
        SendRoutes routes = new([[new(), new(), new()]], Partitions, anywhere: 5);

        (int partition, SendPart part) = Assert.Single(routes.Parts);
        Assert.Equal(5, partition);
        Assert.Equal(3, Assert.Single(part.Batches).Length);
    }

    [Fact]
    public void Answers_OfAllParts_AreWhereTheMessagesWere()
    {
        OutgoingMessage[][] batches =
        [
            [.. Enumerable.Range(0, 50).Select(number => new OutgoingMessage { MessageId = $"id{number}" })],
            [new OutgoingMessage { Group = "one" }],
            [],
            [new OutgoingMessage(), new OutgoingMessage { Group = "one" }, new OutgoingMessage { MessageId = "id7" }],
        ];
        SendRoutes routes = new(batches, Partitions, anywhere: 2);

        foreach ((int partition, SendPart part) in routes.Parts)
        {
            // The answer names the partition, and the message by its id's length.
            routes.Answer(part, Array.ConvertAll(part.Batches, batch => Array.ConvertAll(batch, message =>
                new SendResult(SendOutcome.Accepted, new MessagePosition(partition, (message.MessageId ?? "").Length)))));
        }

        Assert.True(routes.Parts.Count > 4);
        for (int batch = 0; batch < batches.Length; batch++)
        {
            Assert.Equal(
                batches[batch].Select(message => new MessagePosition(
                    QueueRouting.PartitionOf(message.Group, message.MessageId, Partitions) ?? 2, (message.MessageId ?? "").Length)),
                routes.Results[batch].Select(result => result.Position));
        }
    }
}
