using System.Net;

namespace Granary.Silo.Hosting;

/// <summary>
/// Asks a silo for its own page, so that no person waits while ASP.NET compiles what answers. By HTTP only: with
/// certificates there are those who ask for its health, which does the same.
/// </summary>
internal static class OwnPage
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <param name="listening">Where the silo listens.</param>
    /// <param name="cancellationToken">The silo stops.</param>
    public static async Task AskAsync(Uri listening, CancellationToken cancellationToken)
    {
        if (listening.Scheme != Uri.UriSchemeHttp || !IPAddress.TryParse(listening.Host, out IPAddress? address))
        {
            return;
        }

        using var client = new HttpClient { Timeout = Timeout };
        IPAddress own = address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : address;
        try
        {
            using HttpResponseMessage page = await client.GetAsync(
                new Uri($"http://{new IPEndPoint(own, listening.Port)}/"), cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Nobody waits for it.
        }
    }
}
