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
    // For as long as the silo runs: see Hold.
    private Socket[] _held = [];

    /// <summary>Checks that each port is free, and takes those that Orleans wants by their numbers.</summary>
    /// <exception cref="SettingsException">One is not.</exception>
    public static Ports Choose(SiloSettings settings)
    {
        Socket silo = Hold(settings.Bind, settings.SiloPort, SiloOptions.SiloPort);
        Socket gateway = Hold(settings.Bind, settings.GatewayPort, SiloOptions.GatewayPort);
        foreach (IPEndPoint address in settings.Memcached.EndPoints)
        {
            Check(address.Address, address.Port, SiloOptions.MemcachedPort);
        }

        return new Ports(
            settings.MemcachedPort,
            PortOf(silo),
            PortOf(gateway),
            Check(settings.Bind, settings.HttpPort, SiloOptions.HttpPort))
        {
            _held = [silo, gateway],
        };
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static int Check(IPAddress address, int port, SiloOption option)
    {
        using Socket socket = Listen(address, port, option);
        return port;
    }

    // Orleans' listeners share their port with whoever shares it too (.NET's ReuseAddress is SO_REUSEPORT): with another silo, to
    // which half of the connections would go, and nobody would be told. So the port is checked by a listener that does not
    // share, and held by a socket that does, and does not listen: then no other silo finds it free.
    private static Socket Hold(IPAddress address, int port, SiloOption option)
    {
        using (Socket checking = Listen(address, port, option))
        {
            port = PortOf(checking);
        }

        var held = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        held.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        held.Bind(new IPEndPoint(address, port));
        return held;
    }

    private static Socket Listen(IPAddress address, int port, SiloOption option)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            string reason = exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "is in use; choose another, or 0 for any free one"
                : $"cannot be used: {exception.Message}";
            throw new SettingsException($"--{option.Name}: port {port} on {address} {reason}.");
        }
    }
}
