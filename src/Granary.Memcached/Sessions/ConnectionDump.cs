using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>Answers <c>stats conns</c>: the connections that are open when it begins, some at a time. One thread.</summary>
internal sealed class ConnectionDump(GatewayState gateway) : ILongAnswer
{
    private readonly OpenConnection[] _connections = gateway.Connections.Read();
    private int _next;

    /// <inheritdoc/>
    public bool IsDone { get; private set; }

    /// <inheritdoc/>
    public void Write(OutputBuffer output, int enoughBytes)
    {
        gateway.Cache.CheckLease(out long now);
        while (_next < _connections.Length)
        {
            if (output.Length >= enoughBytes)
            {
                return;
            }

            output.Write(Encoding.UTF8.GetBytes(Describe(_connections[_next++], now)));
        }

        output.Write(Reply.End);
        IsDone = true;
    }

    // STAT <descriptor>:<what> <value>\r\n, three or four times
    private string Describe(OpenConnection connection, long now)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"STAT {connection.Descriptor}:");
        try
        {
            return connection.Session is { } session
                ? $"{name}addr {connection.Remote}\r\n{name}listen_addr {connection.Local}\r\n"
                    + End(name, session.State, SinceLastTurn(session, now))
                : $"{name}addr {connection.Local}\r\n"
                    + End(name, "conn_listening", gateway.Time.GetElapsedTime(gateway.StartTimestamp));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return string.Empty; // it was closed meanwhile
        }
    }

    private static string End(string name, string state, TimeSpan silence) => string.Create(
        CultureInfo.InvariantCulture, $"{name}state {state}\r\n{name}secs_since_last_cmd {(long)silence.TotalSeconds}\r\n");

    // One that has just come, or is in a turn, may have none before this moment.
    private TimeSpan SinceLastTurn(Session session, long now)
    {
        long last = session.LastTurn;
        return last > 0 && last < now ? gateway.Time.GetElapsedTime(last, now) : TimeSpan.Zero;
    }
}
