using System.Net.Sockets;

namespace Granary.Memcached.Sockets;

/// <summary>Serves connections. Thread-safe.</summary>
internal interface IConnectionLoop : IDisposable
{
    /// <summary>
    /// Since a drain has begun: who sends a command in this time gets its answer and the end of the connection with it; the
    /// others are idle.
    /// </summary>
    static readonly TimeSpan LastAnswerTime = TimeSpan.FromSeconds(1);

    /// <summary>Whether its connections are of TLS.</summary>
    bool IsTls { get; }

    /// <summary>Looks at its connections, now or soon, and closes those that have said nothing for too long or are too old.</summary>
    void LookLater();

    /// <summary>Takes over a connected socket, which it closes.</summary>
    void Add(Socket socket);

    /// <summary>Closes each connection as soon as it is in the middle of nothing, and all when the token says so.</summary>
    Task DrainAsync(CancellationToken cancellationToken);
}
