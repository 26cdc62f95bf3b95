using System.Globalization;

namespace Granary.ClusterTests.Silos;

/// <summary>The loopback ports of a silo, as its port file names them.</summary>
internal sealed record SiloPorts(int Memcached, int Silo, int Gateway, int Http)
{
    /// <summary>Reads "memcached=N", "silo=N", "gateway=N" and "http=N", in any order.</summary>
    /// <returns><see langword="false"/> while the file is absent or not complete.</returns>
    public static bool TryRead(string path, out SiloPorts? ports)
    {
        ports = null;
        if (!File.Exists(path))
        {
            return false;
        }

        string text = File.ReadAllText(path);
        Dictionary<string, int> byName = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = line.Split('=', 2);
            if (pair.Length == 2 && int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            {
                byName[pair[0]] = port;
            }
        }

        // The last number may still be cut: complete means that its line has ended.
        if (text.EndsWith('\n')
            && byName.TryGetValue("memcached", out int memcached)
            && byName.TryGetValue("silo", out int silo)
            && byName.TryGetValue("gateway", out int gateway)
            && byName.TryGetValue("http", out int http))
        {
            ports = new SiloPorts(memcached, silo, gateway, http);
        }

        return ports is not null;
    }
}
