using System.Net;
using System.Net.Sockets;
using Granary.Memcached.Sessions;

namespace Granary.Memcached.Server;

/// <summary>A connection that is open, or an address that is listened on, as memcached tells of it. Thread-safe.</summary>
/// <param name="socket">Its socket.</param>
/// <param name="session">Its conversation; <see langword="null"/> of an address.</param>
internal sealed class OpenConnection(Socket socket, Session? session)
{
    public int Descriptor { get; } = (int)socket.Handle;

    public Session? Session { get; } = session;

    /// <summary>Where the <see cref="ConnectionTable"/> has it.</summary>
    public int Place { get; set; }

    /// <summary>The client's end.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public string Remote => Text(socket.RemoteEndPoint);

    /// <summary>The end on this side.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public string Local => Text(socket.LocalEndPoint);

    /// <summary>That it has come or gone, as watchers are told of it.</summary>
    /// <param name="type"><c>conn_new</c> or <c>conn_close</c>.</param>
    /// <param name="reason">Why it has gone, with a blank before it.</param>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public string Event(string type, string reason)
    {
        string client = socket.RemoteEndPoint is IPEndPoint remote
            ? $"rip={remote.Address} rport={remote.Port} transport=tcp"
            : "rip=unix rport=0 transport=local";
        return $"type={type} {client}{reason} cfd={Descriptor}";
    }

    private static string Text(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } => $"tcp6:{endPoint}",
        IPEndPoint => $"tcp:{endPoint}",
        _ => $"unix:{endPoint}",
    };
}
