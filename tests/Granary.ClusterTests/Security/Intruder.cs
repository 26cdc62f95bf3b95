using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Granary.ClusterTests.Security;

/// <summary>One who has no credentials and tries what there is on a port of loopback, in clear and by TLS.</summary>
internal static class Intruder
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What the other end says to some bytes before it closes, or within 2 s.</summary>
    public static async Task<string> SayAsync(int port, bool byTls, string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var deadline = new CancellationTokenSource(Patience);
        var heard = new StringBuilder();
        try
        {
            await using Stream stream = byTls ? await SecureAsync(client, deadline.Token) : client.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text), deadline.Token);
            byte[] buffer = new byte[4096];
            for (int read; (read = await stream.ReadAsync(buffer, deadline.Token)) > 0;)
            {
                heard.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (Exception exception) when (
            exception is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            // Closed, or silent.
        }

        return heard.ToString();
    }

    // Whoever it is: an intruder does not mind.
    private static async Task<Stream> SecureAsync(TcpClient client, CancellationToken cancellationToken)
    {
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null },
            cancellationToken);
        return stream;
    }
}
