using System.Net;
using System.Net.Sockets;
using Granary.Silo.Settings;

namespace Granary.Silo.StartLine;

/// <summary>What memcached's <c>-l</c> names.</summary>
internal static class ListenAddresses
{
    private static readonly char[] Separators = [',', ';'];

    /// <summary>The addresses of all that <c>-l</c> names, with their ports where it names those.</summary>
    /// <exception cref="SettingsException">A name is not known, or a port is none.</exception>
    public static List<string> Resolve(Translation line)
    {
        List<string> addresses = [];
        foreach (string one in line.Listen.SelectMany(static value =>
            value.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            (string host, string? port) = Split(one);
            foreach (IPAddress address in Find(host, one))
            {
                if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
                {
                    line.Note($"-l {one} is ignored: this machine has no IPv6."); // as memcached does
                    continue;
                }

                addresses.Add(port is null ? $"{address}" : $"{new IPEndPoint(address, Translation.Number("-l", port, 0, 65_535))}");
            }
        }

        return addresses.Count > 0 ? [.. addresses.Distinct(StringComparer.Ordinal)] : throw Translation.Wrong(
            "-l", string.Join(',', line.Listen), "it must name an address of this machine");
    }

    /// <summary>The first address of the port that others than this machine reach; <see langword="null"/> for none.</summary>
    public static string? FirstExposed(Translation line) =>
        line.Listen.Count > 0 && line.Settings.GetValueOrDefault(MemcachedOptions.Bind.Key) is { } addresses
            ? addresses.Split(',').FirstOrDefault(static one => !IPAddress.IsLoopback(IPEndPoint.Parse(one).Address))
            : null;

    // host, host:port, [v6], [v6]:port, or v6 without brackets.
    private static (string Host, string? Port) Split(string one)
    {
        int close = one.LastIndexOf(']');
        int colon = one.LastIndexOf(':');
        if (close >= 0)
        {
            return (one[..close].TrimStart('['), colon > close ? one[(colon + 1)..] : null);
        }

        bool hasPort = colon >= 0 && one.IndexOf(':', StringComparison.Ordinal) == colon;
        return hasPort ? (one[..colon], one[(colon + 1)..]) : (one, null);
    }

    private static IPAddress[] Find(string host, string one)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return [address];
        }

        try
        {
            return host.Length > 0 ? Dns.GetHostAddresses(host) : [];
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException) // not known, or too long for a name
        {
            throw Translation.Wrong("-l", one, "its host must be known");
        }
    }
}
