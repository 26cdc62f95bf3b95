using Microsoft.Extensions.Logging;

namespace Granary.Clustering;

/// <summary>The log messages of this project: events 1500 to 1599.</summary>
internal static partial class Log
{
    [LoggerMessage(1500, LogLevel.Warning, "Waiting for the cluster store, {Store}: {Reason}")]
    public static partial void WaitingForStore(this ILogger logger, string store, string reason);

    [LoggerMessage(
        1501,
        LogLevel.Critical,
        "Silo '{Name}' at {Address} ends: the cluster has declared it dead, because it did not answer for some seconds or "
        + "another silo has taken its address. What it held is served by others. It can be started again.")]
    public static partial void DeclaredDead(this ILogger logger, string name, SiloAddress address);

    [LoggerMessage(1502, LogLevel.Critical, "Silo '{Name}' at {Address} ends after an error that it cannot survive ({Context}).")]
    public static partial void CannotGoOn(
        this ILogger logger, string name, SiloAddress address, string? context, Exception exception);
}
