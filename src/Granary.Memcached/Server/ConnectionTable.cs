using System.Net.Sockets;
using Granary.Memcached.Sessions;

namespace Granary.Memcached.Server;

/// <summary>What is open, for those who want to know of all of it: connections themselves never look here. Thread-safe.</summary>
internal sealed class ConnectionTable
{
    private readonly Lock _lock = new();
    private readonly List<OpenConnection> _all = [];

    /// <summary>Adds a connection, or an address that is listened on, which has no session.</summary>
    public OpenConnection Add(Socket socket, Session? session)
    {
        var connection = new OpenConnection(socket, session);
        lock (_lock)
        {
            connection.Place = _all.Count;
            _all.Add(connection);
        }

        return connection;
    }

    /// <summary>Takes one out; the last one gets its place.</summary>
    public void Remove(OpenConnection connection)
    {
        lock (_lock)
        {
            OpenConnection last = _all[^1];
            _all[connection.Place] = last;
            last.Place = connection.Place;
            _all.RemoveAt(_all.Count - 1);
        }
    }

    public OpenConnection[] Read()
    {
        lock (_lock)
        {
            return [.. _all];
        }
    }
}
