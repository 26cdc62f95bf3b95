namespace Granary.Queues;

/// <summary>What makes a queue a topic: its messages are for every subscription, each at its own pace.</summary>
/// <remarks>A message is kept while a subscription has not done with it, and as long as this says.</remarks>
[GenerateSerializer, Immutable, Alias("granary.TopicOptions")]
public sealed record TopicOptions
{
    /// <summary>
    /// How long messages that all subscriptions have done with are kept, for new subscriptions and for seeking. Zero, the
    /// default: they are not.
    /// </summary>
    [Id(0)]
    public TimeSpan Retention { get; init; }

    /// <summary>Bytes of such messages in a partition, at most, about. Default 1 GiB.</summary>
    [Id(1)]
    public long RetentionBytes { get; init; } = 1L << 30;

    /// <summary>Throws if a value makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the rule.</exception>
    public void Validate()
    {
        OptionRule.Check(Retention >= TimeSpan.Zero, "TopicOptions.Retention", Retention, "at least 0");
        OptionRule.Check(RetentionBytes >= 0, "TopicOptions.RetentionBytes", RetentionBytes, "at least 0");
    }
}
