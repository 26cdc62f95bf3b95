using System.Net;
using System.Net.Sockets;
using Granary.Memcached.Sockets;

namespace Granary.Memcached.Server;

/// <summary>Takes the addresses of the port. Nobody can connect before they listen.</summary>
internal static class Listeners
{
    /// <summary>Takes all addresses that the options name.</summary>
    /// <exception cref="GranaryException">There is none, or the Unix socket's is not free.</exception>
    /// <exception cref="SocketException">Another one is not.</exception>
    public static List<Socket> Bind(GatewayOptions options)
    {
        List<IPEndPoint> addresses =
        [
            .. options.ListensOnTcp ? [new IPEndPoint(options.Address, options.Port)] : Array.Empty<IPEndPoint>(),
            .. options.ListensOnTcp ? options.MoreEndPoints : [],
        ];
        if (addresses.Count == 0 && options.UnixSocket is null)
        {
            throw new GranaryException(
                "GatewayOptions.ListensOnTcp is false and GatewayOptions.UnixSocket is not set; memcached clients need one of them.");
        }

        List<Socket> bound = [];
        try
        {
            foreach (IPEndPoint address in addresses)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                bound.Add(socket);
                socket.Bind(address);
            }

            if (options.UnixSocket is { } path)
            {
                bound.Add(BindUnix(path, options.UnixSocketMode));
            }

            return bound;
        }
        catch
        {
            bound.ForEach(static socket => socket.Dispose());
            throw;
        }
    }

    // A file that a server has left which did not stop is replaced, as memcached does; but not one at which somebody answers.
    private static Socket BindUnix(string path, UnixFileMode mode)
    {
        var address = new UnixDomainSocketEndPoint(path);
        if (OperatingSystem.IsLinux() && Libc.IsSocket(path))
        {
            if (IsAnswered(address))
            {
                throw new GranaryException($"GatewayOptions.UnixSocket is '{path}'; another process listens there.");
            }

            File.Delete(path);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(address);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, mode); // before it listens: until then nobody is let in
            }

            return socket;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new GranaryException($"GatewayOptions.UnixSocket is '{path}'; it cannot be made: {exception.Message}", exception);
        }
    }

    private static bool IsAnswered(UnixDomainSocketEndPoint address)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
