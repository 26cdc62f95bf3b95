using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Benchmarks.Peers;

/// <summary>Waits until a server answers a request of its protocol, and learns its version on the way.</summary>
internal static class ServerProbe
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <exception cref="PeerException">The process ended or did not answer in time.</exception>
    public static async Task<string> WaitAsync(
        ServerProcess process, IPEndPoint server, PeerProtocol protocol, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < StartTimeout)
        {
            if (await TryGetVersionAsync(server, protocol, cancellationToken) is { } version)
            {
                return version;
            }

            if (process.HasExited)
            {
                break;
            }

            await Task.Delay(Interval, cancellationToken);
        }

        throw new PeerException($"It did not answer on {server} and {process.Describe()}");
    }

    /// <summary>The version the server states; <see langword="null"/> if it does not answer (yet).</summary>
    public static async Task<string?> TryGetVersionAsync(
        IPEndPoint server, PeerProtocol protocol, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(server, timeout.Token);
            await socket.SendAsync(Request(protocol), timeout.Token);
            byte[] buffer = new byte[16384]; // an INFO of redis has some 1 KiB in its section "server"
            string answer = "";
            int received;
            do
            {
                received = await socket.ReceiveAsync(buffer, timeout.Token);
                answer += Encoding.ASCII.GetString(buffer, 0, received);
            }
            while (received > 0 && VersionIn(answer) is null);

            return VersionIn(answer);
        }
        catch (SocketException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static byte[] Request(PeerProtocol protocol) => protocol == PeerProtocol.Memcached
        ? "version\r\n"u8.ToArray()
        : "*2\r\n$4\r\nINFO\r\n$6\r\nSERVER\r\n"u8.ToArray();

    // memcached: "VERSION 1.6.18\r\n". redis: "redis_version:7.0.15\r\n". Garnet: "garnet_version:2.2.8\r\n", and the
    // redis_version it is compatible with.
    private static string? VersionIn(string answer)
    {
        foreach (string label in (string[])["VERSION ", "garnet_version:", "redis_version:"])
        {
            int start = answer.IndexOf(label, StringComparison.Ordinal);
            int end = start < 0 ? -1 : answer.IndexOf('\r', start);
            if (end > 0)
            {
                return answer[(start + label.Length)..end];
            }
        }

        return null;
    }
}
