using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Granary.Client.Connecting;

/// <summary>Where the client asks first: host names or addresses, with ports.</summary>
internal sealed class SeedList
{
    /// <summary>Orleans' default gateway port (EndpointOptions.DEFAULT_GATEWAY_PORT).</summary>
    private const int DefaultPort = 30000;

    private readonly DnsEndPoint[] _seeds;

    private SeedList(DnsEndPoint[] seeds) => _seeds = seeds;

    public IReadOnlyList<DnsEndPoint> Seeds => _seeds;

    /// <summary>Reads <c>host:port,host2:port</c>.</summary>
    /// <exception cref="ArgumentException">A seed is malformed; the message names it.</exception>
    public static SeedList Parse(string seeds)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(seeds);
        return new SeedList([.. seeds.Split(',').Select(seed => ParseOne(seed.Trim(), nameof(seeds)))]);
    }

    /// <summary>All addresses of all seeds, asked of the DNS anew; names that have none now are left out.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(CancellationToken cancellationToken)
    {
        var resolved = new List<IPEndPoint>();
        foreach (DnsEndPoint seed in _seeds)
        {
            foreach (IPAddress address in await ResolveAsync(seed.Host, cancellationToken).ConfigureAwait(false))
            {
                resolved.Add(new IPEndPoint(address, seed.Port));
            }
        }

        return resolved;
    }

    public override string ToString() =>
        string.Join(',', _seeds.Select(seed => seed.Host.Contains(':', StringComparison.Ordinal)
            ? $"[{seed.Host}]:{seed.Port}"
            : $"{seed.Host}:{seed.Port}"));

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            return [literal];
        }

        try
        {
            IPAddress[] all = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);

            // "localhost" is both ::1 and 127.0.0.1, and silos listen on IPv4 unless told otherwise.
            IPAddress[] v4 = [.. all.Where(address => address.AddressFamily == AddressFamily.InterNetwork)];
            return v4.Length > 0 ? v4 : all;
        }
        catch (SocketException)
        {
            return []; // a headless service without ready pods; asked again
        }
    }

    private static DnsEndPoint ParseOne(string seed, string paramName)
    {
        (string host, string? port) = Split(seed, paramName);
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            throw Malformed(seed, paramName, "it must be host:port");
        }

        int number = DefaultPort;
        if (port is not null
            && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                || number is 0 or > IPEndPoint.MaxPort))
        {
            throw Malformed(seed, paramName, $"its port must be 1 to {IPEndPoint.MaxPort}");
        }

        return new DnsEndPoint(host, number);
    }

    // "host", "host:port", "[v6]", "[v6]:port"
    private static (string Host, string? Port) Split(string seed, string paramName)
    {
        if (seed.StartsWith('['))
        {
            int end = seed.IndexOf(']', StringComparison.Ordinal);
            string rest = end < 0 ? seed : seed[(end + 1)..];
            return rest switch
            {
                "" => (seed[1..end], null),
                [':', ..] => (seed[1..end], rest[1..]),
                _ => throw Malformed(seed, paramName, "an IPv6 address is written [address]:port"),
            };
        }

        int colon = seed.IndexOf(':', StringComparison.Ordinal);
        if (colon != seed.LastIndexOf(':'))
        {
            throw Malformed(seed, paramName, "an IPv6 address is written [address]:port");
        }

        return colon < 0 ? (seed, null) : (seed[..colon], seed[(colon + 1)..]);
    }

    private static ArgumentException Malformed(string seed, string paramName, string rule) =>
        new($"The seed '{seed}' is malformed: {rule}. Seeds look like 'host:30000,host2:30000'.", paramName);
}
