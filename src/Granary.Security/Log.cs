using Microsoft.Extensions.Logging;

namespace Granary.Security;

/// <summary>The log messages of this project: events 1900 to 1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1900, LogLevel.Information, "New connections use the certificate in '{File}' as it is now, valid until {Expiry:u}.")]
    public static partial void CertificateReloaded(this ILogger logger, string file, DateTimeOffset expiry);

    [LoggerMessage(1901, LogLevel.Warning, "The certificate in '{File}' has changed and cannot be used; new connections use the last one: {Reason}")]
    public static partial void CertificateNotReloaded(this ILogger logger, string file, string reason);

    // A warning now and then, else Debug: whoever scans the port would fill the log.
    [LoggerMessage(EventId = 1902, Message = "Refused {Remote} before it was let in: {Reason}")]
    public static partial void PeerRefused(this ILogger logger, LogLevel level, System.Net.EndPoint? remote, string reason);

    [LoggerMessage(1903, LogLevel.Warning, "No secure connection to {Remote}: {Reason}")]
    public static partial void NotLetIn(this ILogger logger, System.Net.EndPoint? remote, string reason);
}
