using System.Net;
using Microsoft.Extensions.Logging;

namespace Granary.Memcached;

/// <summary>The log messages of this project: events 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "memcached clients: {EndPoint}, {Loops} event loops.")]
    public static partial void Listening(this ILogger logger, IPEndPoint endPoint, int loops);

    [LoggerMessage(2001, LogLevel.Warning, "A connection could not be accepted.")]
    public static partial void AcceptFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2002, LogLevel.Information, "The memcached port is closed after {Connections} connections.")]
    public static partial void Drained(this ILogger logger, long connections);

    [LoggerMessage(2003, LogLevel.Error, "A connection is closed: serving it has failed.")]
    public static partial void ConnectionFailed(this ILogger logger, Exception exception);
}
