using Microsoft.Extensions.Logging;

namespace Granary.Console;

internal static partial class Log
{
    [LoggerMessage(8001, LogLevel.Warning, "The console could not read the cluster.")]
    public static partial void NotRead(this ILogger logger, Exception exception);

    [LoggerMessage(8002, LogLevel.Information, "{Who}: {Action} {About} ({Detail}): {Outcome}. {Reason}")]
    public static partial void Acted(
        this ILogger logger, string who, string action, string about, string detail, Reports.AuditOutcome outcome, string? reason);
}
