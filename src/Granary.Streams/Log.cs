using Microsoft.Extensions.Logging;

namespace Granary.Streams;

/// <summary>The log messages of this project: events 6000 to 6099.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Warning, "Partition {Partition} of '{Queue}' cannot be received from; it is tried again.")]
    public static partial void PartitionNotReceived(this ILogger logger, string queue, int partition, Exception exception);

    [LoggerMessage(6001, LogLevel.Warning, "Messages of partition {Partition} of '{Queue}' cannot be settled; it is tried again.")]
    public static partial void NotSettled(this ILogger logger, string queue, int partition, Exception exception);

    [LoggerMessage(6002, LogLevel.Warning,
        "Messages of partition {Partition} of '{Queue}' are not given back; their leases end by themselves.")]
    public static partial void NotReleased(this ILogger logger, string queue, int partition, Exception? exception);

    [LoggerMessage(6003, LogLevel.Warning,
        "Partition {Partition} of '{Queue}' has {Parked} messages that nobody takes, and no more of any stream are received.")]
    public static partial void ParkFull(this ILogger logger, string queue, int partition, int parked);

    [LoggerMessage(6004, LogLevel.Information, "Partition {Partition} of '{Queue}' has the subscriptions of {States} streams.")]
    public static partial void SubscriptionsLoaded(this ILogger logger, string queue, int partition, int states);
}
