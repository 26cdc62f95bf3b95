namespace Granary.Silo;

/// <summary>The log messages of the silo's own port: events 4000 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "The access tokens in '{File}' are read again: {Count}.")]
    public static partial void TokensReloaded(this ILogger logger, string file, int count);

    [LoggerMessage(4001, LogLevel.Warning, "The access tokens have changed and cannot be used; the last ones still are: {Reason}")]
    public static partial void TokensNotReloaded(this ILogger logger, string reason);

    [LoggerMessage(4002, LogLevel.Information, "The cache's memory is {Size} from now on.")]
    public static partial void MemoryReloaded(this ILogger logger, string size);

    [LoggerMessage(4003, LogLevel.Warning, "The cache's memory has another value in the configuration, which is not used: {Reason}")]
    public static partial void MemoryNotReloaded(this ILogger logger, string reason);
}
