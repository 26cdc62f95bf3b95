using System.Net;
using System.Net.Sockets;

namespace Granary.Benchmarks.Peers;

/// <summary>Ports for servers that cannot choose one themselves.</summary>
internal static class Loopback
{
    /// <summary>A loopback port that was free a moment ago.</summary>
    public static IPEndPoint FreeEndPoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
