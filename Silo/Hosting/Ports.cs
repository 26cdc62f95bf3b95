using System.Net;
using System.Net.Sockets;
using Granary.Silo.Settings;

namespace Granary.Silo.Hosting;

/// <summary>The ports of this silo: those that were asked for, checked, or free ones.</summary>
/// <param name="Memcached">0 stays 0: the gateway finds one by itself.</param>
/// <param name="Silo">For other silos.</param>
/// <param name="Gateway">For .NET clients.</param>
/// <param name="Http">0 stays 0: the web server finds one by itself.</param>
internal sealed record Ports(int Memcached, int Silo, int Gateway, int Http)
{
    /// <summary>Checks that each port is free.</summary>
    /// <exception cref="SettingsException">One is not.</exception>
    public static Ports Choose(SiloSettings settings) => new(
        Check(settings.Bind, settings.MemcachedPort, SiloOptions.MemcachedPort),
        Find(settings.Bind, Check(settings.Bind, settings.SiloPort, SiloOptions.SiloPort)),
        Find(settings.Bind, Check(settings.Bind, settings.GatewayPort, SiloOptions.GatewayPort)),
        Check(settings.Bind, settings.HttpPort, SiloOptions.HttpPort));

    private static int Check(IPAddress address, int port, SiloOption option)
    {
        try
        {
            using Socket socket = Listen(address, port);
            return port;
        }
        catch (SocketException exception)
        {
            string reason = exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "is in use; choose another, or 0 for any free one"
                : $"cannot be used: {exception.Message}";
            throw new SettingsException($"--{option.Name}: port {port} on {address} {reason}.");
        }
    }

    // Orleans wants a number. Between this and its own bind another process could take it; then the start fails.
    private static int Find(IPAddress address, int port)
    {
        if (port != 0)
        {
            return port;
        }

        using Socket socket = Listen(address, 0);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
