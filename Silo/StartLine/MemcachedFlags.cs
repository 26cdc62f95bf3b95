using System.Globalization;
using Granary.Silo.Settings;

namespace Granary.Silo.StartLine;

/// <summary>The flags of memcached 1.6.45, and what each is here.</summary>
internal static class MemcachedFlags
{
    private const int MaxThreads = 64; // of --memcached-threads
    private const int MaxMebibytes = 1 << 24;
    private const int MinMebibytes = 8;
    private const long MinItemBytes = 1024;
    private const long MaxItemBytes = 128L << 20;

    private static readonly Dictionary<string, string> Protocols = new(StringComparer.Ordinal)
    {
        ["auto"] = "auto",
        ["ascii"] = "text",
        ["binary"] = "binary",
    };

    /// <summary>In memcached's order.</summary>
    public static IReadOnlyList<MemcachedFlag> All { get; } =
    [
        new('p', "port", "NUM", "TCP port; -1 for any free one, 0 for none (with -s).", SetPort),
        new('U', "udp-port", "NUM", "0: there is no UDP.", static (_, value) => CheckUdp(value)),
        new('s', "unix-socket", "FILE", "Unix socket to listen on, instead of TCP.", static (line, value) => line.Set(MemcachedOptions.Socket, value)),
        new('a', "unix-mask", "MASK", "Who may use the Unix socket, in octal. Default 0700.", SetMode),
        new('A', "enable-shutdown", null, "Ignored.", static (line, _) => line.Ignore('A', "there is no command shutdown; SIGTERM stops the silo")),
        new('l', "listen", "ADDR", "Addresses: HOST or HOST:PORT, with commas between. Default loopback.", static (line, value) => line.Listen.Add(value)),
        new('d', "daemon", null, "Go on in the background; returns when the silo is ready.", static (line, _) => line.IsDaemon = true),
        new('r', "enable-coredumps", null, "Ignored.", static (line, _) => line.Ignore('r', "core files are the system's to limit")),
        new('u', "user", "NAME", "Become this user, if started by root.", static (line, value) => line.User = value),
        new('m', "memory-limit", "NUM", "MiB for the cache, all of it counted. Default 64.", SetMemory),
        new('M', "disable-evictions", null, "Refuse what does not fit instead of evicting.", static (line, _) => line.Set(SiloOptions.Eviction, "none")),
        new('c', "conn-limit", "NUM", "Connections at the same time. Default 1024.", SetConnections),
        new('k', "lock-memory", null, "Ignored.", static (line, _) => line.Ignore('k', "memory is not locked")),
        new('v', "verbose", null, "Say more; -vv much more.", static (line, _) => line.Verbosity++),
        new('V', "version", null, "Print the version and end.", static (line, _) => line.IsVersionAsked = true),
        new('P', "pidfile", "FILE", "Write the process id there while the silo is ready.", static (line, value) => line.Set(SiloOptions.PidFile, value)),
        new('f', "slab-growth-factor", "NUM", "Ignored.", IgnoreFactor),
        new('n', "slab-min-size", "NUM", "Ignored.", IgnoreChunk),
        new('L', "enable-largepages", null, "Ignored.", static (line, _) => line.Ignore('L', "the kernel gives large pages by itself where it is told to")),
        new('D', null, "CHAR", "Count commands by what keys have before it: stats detail dump.", SetDelimiter),
        new('t', "threads", "NUM", "Event loops. Default 4.", SetThreads),
        new('R', "max-reqs-per-event", "NUM", "Requests of a connection before others get their turn. Default as many as are answered by 64 KiB.", SetRequests),
        new('C', "disable-cas", null, "Ignored.", static (line, _) => line.Ignore('C', "entries have their cas, which costs nothing")),
        new('b', "listen-backlog", "NUM", "Connections that wait to be accepted. Default 1024.", SetBacklog),
        new('B', "protocol", "NAME", "auto, ascii or binary. Default auto; binary with -S.", SetProtocol),
        new('I', "max-item-size", "SIZE", "Longest value, with k or m; at most 128m and half of -m. Default 1m.", SetItemSize),
        new('S', "enable-sasl", null, "Binary protocol with SASL PLAIN alone. Users are those of -Y.", static (line, _) => line.HasSasl = true),
        new('F', "disable-flush-all", null, "Refuse flush_all.", static (line, _) => line.Set(MemcachedOptions.Flush, "false")),
        new('X', "disable-dumping", null, "Refuse lists of keys.", static (line, _) => line.Set(MemcachedOptions.Dumps, "false")),
        new('W', "disable-watch", null, "Refuse watch.", static (line, _) => line.Set(MemcachedOptions.Watch, "false")),
        new('Y', "auth-file", "FILE", "Users: lines user:password. Both protocols ask for one.", static (line, value) => line.Set(MemcachedOptions.Users, value)),
        new('e', "memory-file", "FILE", "Save the entries there at a stop, and load them at the next start.", static (line, value) => line.Set(SiloOptions.Save, value)),
        new('N', "napi_ids", "NUM", "Ignored.", static (line, _) => line.Ignore('N', "connections go to the event loops in turn")),
        new('Z', "enable-ssl", null, "TLS, with the certificate of --credentials.", static (line, _) => line.Set(SiloOptions.MemcachedTls, "true")),
        new('o', "extended", "WORDS", "idle_timeout=SECONDS, read_buf_mem_limit=MiB, maxconns_fast, no_maxconns_fast; others are ignored.", ExtendedWords.Apply),
    ];

    private static void SetPort(Translation line, string value)
    {
        int port = Translation.Number("-p", value, -1, 65_535);
        line.HasNoTcp = port == 0;
        line.Set(SiloOptions.MemcachedPort, Text(Math.Max(port, 0)));
    }

    // Who has clients of UDP must not find out by their silence.
    private static void CheckUdp(string value)
    {
        if (value != "0")
        {
            throw Translation.Wrong("-U", value, "it must be 0: there is no UDP here");
        }
    }

    private static void SetMode(Translation line, string value)
    {
        if (!MemcachedSettings.TryReadMode(value, out _))
        {
            throw Translation.Wrong("-a", value, "it must be an octal number from 0 to 0777");
        }

        line.Set(MemcachedOptions.SocketMode, value);
    }

    private static void SetMemory(Translation line, string value) =>
        line.Set(SiloOptions.Memory, $"{Translation.Number("-m", value, MinMebibytes, MaxMebibytes)}MiB");

    private static void SetConnections(Translation line, string value) =>
        line.Set(SiloOptions.MaxConnections, Text(Translation.Number("-c", value, 1, 1_000_000)));

    private static void SetThreads(Translation line, string value)
    {
        int threads = Translation.Number("-t", value, 1, int.MaxValue);
        if (threads > MaxThreads)
        {
            line.Note($"-t is {threads}; {MaxThreads} event loops are used, the most there may be.");
        }

        line.Set(SiloOptions.MemcachedThreads, Text(Math.Min(threads, MaxThreads)));
    }

    private static void SetRequests(Translation line, string value) =>
        line.Set(MemcachedOptions.RequestsPerTurn, Text(Translation.Number("-R", value, 1, 1_000_000)));

    private static void SetBacklog(Translation line, string value) =>
        line.Set(MemcachedOptions.Backlog, Text(Translation.Number("-b", value, 1, 65_535)));

    // Of more than one character memcached takes the first, too.
    private static void SetDelimiter(Translation line, string value)
    {
        if (value.Length == 0 || value[0] is < '!' or > '~')
        {
            throw Translation.Wrong("-D", value, "it must be a character of ASCII");
        }

        line.Set(MemcachedOptions.PrefixDelimiter, value[..1]);
    }

    private static void SetProtocol(Translation line, string value) => line.Set(
        MemcachedOptions.Protocol,
        Protocols.TryGetValue(value, out string? protocol) ? protocol : throw Translation.Wrong("-B", value, "it must be auto, ascii or binary"));

    private static void SetItemSize(Translation line, string value)
    {
        if (!ByteSize.TryParse(value, out long bytes) || bytes is < MinItemBytes or > MaxItemBytes)
        {
            throw Translation.Wrong("-I", value, "it must be a size from 1k to 128m");
        }

        line.Set(SiloOptions.MaxItem, bytes.ToString(CultureInfo.InvariantCulture));
    }

    private static void IgnoreFactor(Translation line, string value)
    {
        if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double factor) || factor <= 1)
        {
            throw Translation.Wrong("-f", value, "it must be a number greater than 1");
        }

        line.Ignore('f', "there are no slab classes");
    }

    private static void IgnoreChunk(Translation line, string value)
    {
        Translation.Number("-n", value, 1, int.MaxValue);
        line.Ignore('n', "there are no slab classes");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
