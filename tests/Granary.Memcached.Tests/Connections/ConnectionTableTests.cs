using System.Net;
using System.Net.Sockets;
using Granary.Memcached.Server;

namespace Granary.Memcached.Tests.Connections;

/// <summary>The connections that there are.</summary>
public sealed class ConnectionTableTests
{
    [Fact]
    public void Connections_ThatHaveEnded_AreNotKept()
    {
        var table = new ConnectionTable();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        OpenConnection first = table.Add(socket, session: null);
        OpenConnection second = table.Add(socket, session: null);
        OpenConnection third = table.Add(socket, session: null);

        table.Remove(first);
        table.Remove(third);

        Assert.Equal([second], table.Read());
        table.Remove(second);
        Assert.Empty(table.Read());
    }
}
