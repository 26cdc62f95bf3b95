using Microsoft.Extensions.Logging;

namespace Granary.Queues;

/// <summary>The log messages of this project: events 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Warning, "Partition {Partition} cannot be asked for messages; it is asked again.")]
    public static partial void PartitionNotWatched(this ILogger logger, int partition, Exception exception);

    [LoggerMessage(3001, LogLevel.Information, "Keeps {Queues} queues in {Place}.")]
    public static partial void Keeps(this ILogger logger, int queues, string place);

    [LoggerMessage(3002, LogLevel.Critical, "Partition {Partition} is damaged at offset {Offset} and serves nobody: {Reason}")]
    public static partial void Damaged(this ILogger logger, string partition, long offset, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "Leaves with {Partitions} partitions of queues: other silos open them when this one has ended.")]
    public static partial void PartitionsStay(this ILogger logger, int partitions);

    [LoggerMessage(3004, LogLevel.Warning, "Partitions of queues that belong to other silos did not all leave; trying again.")]
    public static partial void NotMoved(this ILogger logger, Exception exception);

    [LoggerMessage(3005, LogLevel.Warning,
        "Messages of partition {Partition} that nobody takes any more are not given back; their leases end by themselves.")]
    public static partial void NotReleased(this ILogger logger, int partition, Exception exception);

    [LoggerMessage(3006, LogLevel.Warning, "The topic's partition {Partition} cannot be read for a subscription; it is tried again.")]
    public static partial void TopicNotRead(this ILogger logger, string partition, Exception exception);

    [LoggerMessage(3007, LogLevel.Debug, "Partitions that nobody uses could not be opened for the metrics; trying again in a minute.")]
    public static partial void NotSurveyed(this ILogger logger, Exception exception);

    [LoggerMessage(3008, LogLevel.Debug, "Silo {Silo} does not answer what the queues ask; it is counted out.")]
    public static partial void NotAsked(this ILogger logger, string silo, Exception exception);

    /// <summary>Whether this silo owns partitions, or others do for it.</summary>
    public static void ReachesStore(this ILogger logger, bool isReached)
    {
        if (isReached)
        {
            logger.StoreReached();
        }
        else
        {
            logger.StoreLost();
        }
    }

    [LoggerMessage(3009, LogLevel.Warning, "This silo does not reach the queues' database, and others do: its partitions go to them.")]
    private static partial void StoreLost(this ILogger logger);

    [LoggerMessage(3010, LogLevel.Information, "This silo reaches the queues' database again, and gets its partitions back.")]
    private static partial void StoreReached(this ILogger logger);

    [LoggerMessage(3011, LogLevel.Warning, "Whether the queues' database answers could not be found out; trying again.")]
    public static partial void NotLooked(this ILogger logger, Exception exception);

    [LoggerMessage(3012, LogLevel.Warning,
        "Partition {Partition} was opened after {Seconds:F1} s, {Waited:F1} s of which silos were waited for that have been declared dead.")]
    public static partial void OpenedSlowly(this ILogger logger, string partition, double seconds, double waited);
}
