using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Granary.Benchmarks.Peers;

/// <summary>Numbers of a server's <c>stats</c>.</summary>
internal static class MemcachedStatistics
{
    /// <returns>The numbers of these names, in their order.</returns>
    /// <exception cref="PeerException">The server did not answer with one of them.</exception>
    public static async Task<long[]> ReadAsync(
        IPEndPoint server, string[] names, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server, cancellationToken);
            await using NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            await stream.WriteAsync("stats\r\n"u8.ToArray(), cancellationToken);

            // STAT <name> <value>\r\n
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            for (string? line = ""; line is not (null or "END"); line = await reader.ReadLineAsync(cancellationToken))
            {
                if (line.Split(' ', 3) is ["STAT", string name, string value])
                {
                    values[name] = value;
                }
            }

            return [.. names.Select(name => values.TryGetValue(name, out string? value)
                ? long.Parse(value, CultureInfo.InvariantCulture)
                : throw new PeerException($"{server} has no {name} in its stats."))];
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            throw new PeerException($"{server} does not answer stats: {error.Message}");
        }
    }
}
