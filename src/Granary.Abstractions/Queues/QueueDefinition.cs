namespace Granary.Queues;

/// <summary>A queue that exists.</summary>
/// <param name="Name">As <see cref="QueueLimits.CheckName"/> allows.</param>
/// <param name="Partitions">Fixed when it is created, because a MessageId or a group decides the partition.</param>
/// <param name="Options">How it treats its messages; may be changed.</param>
[GenerateSerializer, Immutable, Alias("granary.QueueDefinition")]
public sealed record QueueDefinition(
    [property: Id(0)] string Name,
    [property: Id(1)] int Partitions,
    [property: Id(2)] QueueOptions Options)
{
    /// <summary>Of a queue that does not say otherwise: 8, enough for the cores of a silo to work on at once.</summary>
    public const int DefaultPartitions = 8;

    /// <summary>
    /// Which of all queues that have had this name. Given when it is made, whatever the definition says then; empty: it was
    /// made before there was this.
    /// </summary>
    [Id(3)]
    public Guid Creation { get; init; }

    /// <summary>Throws if it makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public void Validate()
    {
        QueueLimits.CheckName(Name);
        QueueLimits.CheckPartitions(Partitions);
        Options.Validate();
        QueueLimits.CheckDeduplicationWindow(Options.DeduplicationWindow);
    }
}
