namespace Granary.Queues.Partitions;

/// <summary>A partition's options, which may become others while it is open. Used as the partition is: by one thread.</summary>
internal sealed class CurrentOptions(QueueOptions options)
{
    /// <summary>Validated.</summary>
    public QueueOptions Value { get; set; } = options;

    /// <summary>Nothing is given out. Whatever else happens to messages goes on.</summary>
    public bool IsPaused { get; set; }
}
