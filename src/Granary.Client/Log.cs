using Granary.Client.Connecting;
using Microsoft.Extensions.Logging;

namespace Granary.Client;

internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Information, "Took the cluster's map, view {ViewVersion} with {Silos} silos.")]
    public static partial void MapTaken(ILogger logger, long viewVersion, int silos);

    [LoggerMessage(5001, LogLevel.Warning, "The cluster's map could not be fetched; the last one stays in use.")]
    public static partial void MapNotFetched(ILogger logger, Exception error);

    [LoggerMessage(5002, LogLevel.Warning, "A message to silo {Silo} failed; its operations go elsewhere for a while.")]
    public static partial void MessageFailed(ILogger logger, string silo, Exception error);

    [LoggerMessage(5003, LogLevel.Warning, "A value was made without the cluster, which does not answer; it may not be stored.")]
    public static partial void MadeWithoutCluster(ILogger logger, Exception error);

    [LoggerMessage(5004, LogLevel.Information, "Silo {Silo} does not tell of changes now ({Reason}): what was read of it is not kept.")]
    public static partial void SiloNotHeard(ILogger logger, string silo, string reason);

    [LoggerMessage(5005, LogLevel.Warning, "The value of key '{Key}' could not be made anew; the old one stays until it expires.")]
    public static partial void RefreshFailed(ILogger logger, string key, Exception error);

    [LoggerMessage(5006, LogLevel.Warning, "Silo {Silo} does not answer this client, and others do: its gateway is left alone for {Rest}.")]
    public static partial void GatewaySilent(ILogger logger, string silo, TimeSpan rest);

    [LoggerMessage(5007, LogLevel.Warning, "None of the seeds '{Seeds}' answers yet; they are asked again for {Timeout} at most.")]
    public static partial void SeedsSilent(ILogger logger, SeedList seeds, TimeSpan timeout);

    [LoggerMessage(5010, LogLevel.Warning, "Message {Position} of queue '{Queue}' failed, for the {Failures}. time.")]
    public static partial void MessageFailed(ILogger logger, string queue, string position, int failures, Exception error);

    [LoggerMessage(5011, LogLevel.Warning, "Message {Position} of queue '{Queue}' could not be settled; others may get it.")]
    public static partial void MessageLost(ILogger logger, string queue, string position, Exception error);

    [LoggerMessage(5012, LogLevel.Error, "Queue '{Queue}' could not be received from; it is tried again.")]
    public static partial void ReceiveFailed(ILogger logger, string queue, Exception error);
}
