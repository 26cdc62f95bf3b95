using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Benchmarks.Peers;

/// <summary>Numbers of a server's <c>stats</c>.</summary>
internal static class MemcachedStatistics
{
    /// <exception cref="PeerException">The server did not answer with that number.</exception>
    public static async Task<long> ReadAsync(IPEndPoint server, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server, cancellationToken);
            await using NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            await stream.WriteAsync("stats\r\n"u8.ToArray(), cancellationToken);

            // STAT <name> <value>\r\n
            string prefix = $"STAT {name} ";
            for (string? line = ""; line is not (null or "END"); line = await reader.ReadLineAsync(cancellationToken))
            {
                if (line.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return long.Parse(line[prefix.Length..], CultureInfo.InvariantCulture);
                }
            }
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new PeerException($"{server} does not answer stats: {error.Message}");
        }

        throw new PeerException($"{server} has no {name} in its stats.");
    }
}
