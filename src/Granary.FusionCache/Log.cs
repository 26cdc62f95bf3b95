using Microsoft.Extensions.Logging;

namespace Granary.FusionCache;

/// <summary>The log messages of this project: events 9000 to 9099.</summary>
internal static partial class Log
{
    [LoggerMessage(9000, LogLevel.Warning,
        "What other processes change is not heard now ({Reason}), channel '{Channel}'; it is tried again.")]
    public static partial void NotHeard(ILogger logger, string? channel, string reason);

    [LoggerMessage(9001, LogLevel.Warning, "A message of another process could not be taken, channel '{Channel}'.")]
    public static partial void NotTaken(ILogger logger, string? channel, Exception error);
}
