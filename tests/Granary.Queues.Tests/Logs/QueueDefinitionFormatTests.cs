using Granary.Queues.Logs;

namespace Granary.Queues.Tests.Logs;

public sealed class QueueDefinitionFormatTests
{
    private const string Before = """
        {"Name":"orders","Partitions":8,"Options":{"LeaseDuration":"00:00:30","MaxDeliveryCount":3},"Creation":"c6a7e6ce-9d8b-4cf5-8a3f-0c1d8f0f3a11"}
        """;

    [Fact]
    public void Definition_OfABuildWithoutTopics_IsAQueueWithoutSubscriptions()
    {
        QueueDefinition read = QueueDefinitionFormat.Read(Before);

        Assert.Null(read.Topic);
        Assert.Empty(read.Subscriptions);
        Assert.False(read.IsPaused);
        Assert.Equal(3, read.Options.MaxDeliveryCount);
        Assert.Equal(TimeSpan.FromMinutes(5), read.Options.DeduplicationWindow);
        Assert.Equal(read, QueueDefinitionFormat.Read(QueueDefinitionFormat.Write(read)));
    }

    [Fact]
    public void Subscription_OfABuildWithoutPauses_IsNotPaused()
    {
        const string Topic = """
            {"Name":"orders","Partitions":8,"Options":{},"Topic":{},"Subscriptions":[{"Name":"billing","Options":{}}]}
            """;

        Assert.False(Assert.Single(QueueDefinitionFormat.Read(Topic).Subscriptions).IsPaused);
    }

    [Fact]
    public void Pause_IsReadAsItWasWritten()
    {
        QueueDefinition paused = QueueDefinitionFormat.Read(Before) with { IsPaused = true };
        QueueDefinition topic = new("orders", 8, new QueueOptions())
        {
            Topic = new TopicOptions(),
            Subscriptions = [new SubscriptionDefinition("billing") { IsPaused = true }, new SubscriptionDefinition("late")],
        };

        Assert.Equal(paused, QueueDefinitionFormat.Read(QueueDefinitionFormat.Write(paused)));
        Assert.Equal(topic, QueueDefinitionFormat.Read(QueueDefinitionFormat.Write(topic)));
        Assert.NotEqual(paused, paused with { IsPaused = false }); // or a change of others would be undone
    }

    [Fact]
    public void Topic_IsReadAsItWasWritten()
    {
        QueueDefinition topic = new("orders", 8, new QueueOptions())
        {
            Creation = Guid.NewGuid(),
            Topic = new TopicOptions { Retention = TimeSpan.FromHours(1), RetentionBytes = 5 },
            Subscriptions =
            [
                new SubscriptionDefinition("billing")
                {
                    Creation = Guid.NewGuid(),
                    Start = SubscriptionStart.From(new MessagePosition(1, 2), new MessagePosition(2, 3)),
                    Filter = new MessageFilter
                    {
                        Subjects = ["order.>"],
                        Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "north" },
                    },
                },
                new SubscriptionDefinition("late") { Start = SubscriptionStart.At(DateTimeOffset.UnixEpoch) },
            ],
        };

        QueueDefinition read = QueueDefinitionFormat.Read(QueueDefinitionFormat.Write(topic));

        Assert.Equal(topic, read);
        Assert.NotEqual(topic, read with { Subscriptions = [topic.Subscriptions[0]] });
    }
}
