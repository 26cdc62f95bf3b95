using Microsoft.Extensions.Logging;

namespace Granary.Memcached;

/// <summary>The log messages of this project: events 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "memcached clients: {EndPoints}, {Loops} event loops.")]
    public static partial void Listening(this ILogger logger, string endPoints, int loops);

    [LoggerMessage(2001, LogLevel.Warning, "A connection could not be accepted.")]
    public static partial void AcceptFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2002, LogLevel.Information, "The memcached port is closed after {Connections} connections.")]
    public static partial void Drained(this ILogger logger, long connections);

    [LoggerMessage(2003, LogLevel.Error, "A connection is closed: serving it has failed.")]
    public static partial void ConnectionFailed(this ILogger logger, Exception exception);

    // No more than a line, and only for who looks: any scan of ports makes them.
    [LoggerMessage(2004, LogLevel.Debug, "A TLS handshake has failed: {Reason}")]
    public static partial void HandshakeFailed(this ILogger logger, string reason);

    [LoggerMessage(2005, LogLevel.Information, "The memcached port's users: {Users} of {Path}.")]
    public static partial void UsersRead(this ILogger logger, int users, string path);

    [LoggerMessage(2006, LogLevel.Warning, "{Problem} The memcached port keeps the users that it has.")]
    public static partial void UsersKept(this ILogger logger, string problem);
}
