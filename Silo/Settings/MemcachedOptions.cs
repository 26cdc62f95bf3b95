namespace Granary.Silo.Settings;

/// <summary>What can be said of the memcached port beside its number, and which memcached flag says it there.</summary>
internal static class MemcachedOptions
{
    /// <summary>Of the file that memcached names by MEMCACHED_PORT_FILENAME: a key, but no option.</summary>
    public const string PortFileKey = "Granary:Memcached:PortFile";

    // -l
    public static SiloOption Bind { get; } = new(
        "memcached-bind",
        "Granary:Memcached:Bind",
        "that of --bind",
        "ADDRESSES",
        "Addresses of the memcached port alone, with commas between: IP or IP:PORT. Off loopback as --bind.");

    // -p 0
    public static SiloOption Tcp { get; } = new(
        "memcached-tcp", "Granary:Memcached:Tcp", "true", "BOOL", "Listen for memcached clients by TCP; false with --memcached-socket alone.");

    // -s
    public static SiloOption Socket { get; } = new(
        "memcached-socket",
        "Granary:Memcached:Socket",
        string.Empty,
        "FILE",
        "Unix socket for memcached clients on this machine, without TLS; deleted at the stop.");

    // -a
    public static SiloOption SocketMode { get; } = new(
        "memcached-socket-mode", "Granary:Memcached:SocketMode", "0700", "OCTAL", "Who may connect to the Unix socket.");

    // -Y
    public static SiloOption Users { get; } = new(
        "memcached-users",
        "Granary:Memcached:Users",
        "that of --credentials",
        "FILE",
        "Users of the memcached port: lines user:password, as of memcached's -Y.");

    public static SiloOption Access { get; } = new(
        "memcached-access",
        "Granary:Memcached:Access",
        string.Empty,
        "ACCESS",
        "Users who may use some of --namespaces alone, with commas between: USER=NAME, USER=NAME+NAME:read. All others may use everything.");

    // -B
    public static SiloOption Protocol { get; } = new(
        "memcached-protocol",
        "Granary:Memcached:Protocol",
        "auto",
        "auto|text|binary",
        "Protocols of the memcached port; auto is each connection's first byte's.");

    // -F
    public static SiloOption Flush { get; } = new(
        "memcached-flush", "Granary:Memcached:Flush", "true", "BOOL", "Whether memcached clients may flush_all.");

    public static SiloOption Dumps { get; } = new(
        "memcached-dumps", "Granary:Memcached:Dumps", "true", "BOOL", "Whether memcached clients may list keys.");

    // -W
    public static SiloOption Watch { get; } = new(
        "memcached-watch", "Granary:Memcached:Watch", "true", "BOOL", "Whether memcached clients may watch, which shows keys.");

    // -D
    public static SiloOption PrefixDelimiter { get; } = new(
        "memcached-prefix-delimiter",
        "Granary:Memcached:PrefixDelimiter",
        string.Empty,
        "CHAR",
        "Counts commands by what keys have before it, for stats detail dump; without it by a colon, and not before stats detail on.");

    // -R
    public static SiloOption RequestsPerTurn { get; } = new(
        "memcached-requests-per-turn",
        "Granary:Memcached:RequestsPerTurn",
        "0",
        "N",
        "Requests of a memcached connection after which others get their turn; 0 for 64 KiB of answers.");

    // -o idle_timeout
    public static SiloOption IdleTimeout { get; } = new(
        "memcached-idle-timeout",
        "Granary:Memcached:IdleSeconds",
        "0",
        "SECONDS",
        "Closes memcached connections that have said nothing for so long; 0 for never.");

    public static SiloOption MaxAge { get; } = new(
        "memcached-max-age",
        "Granary:Memcached:MaxAgeSeconds",
        "0",
        "SECONDS",
        "Ends memcached connections after 80 to 100 % of it, between two commands, so that clients spread anew; 0 for never.");

    // -o no_maxconns_fast
    public static SiloOption Full { get; } = new(
        "memcached-full",
        "Granary:Memcached:Full",
        "refuse",
        "refuse|wait",
        "What becomes of a memcached connection past --max-connections.");

    // -b
    public static SiloOption Backlog { get; } = new(
        "memcached-backlog", "Granary:Memcached:Backlog", "1024", "N", "memcached connections that wait to be accepted.");

    // -o read_buf_mem_limit
    public static SiloOption Buffers { get; } = new(
        "memcached-buffers",
        "Granary:Memcached:Buffers",
        "64MiB",
        "SIZE",
        "Memory beside the cache for unfinished commands and unread answers of all memcached connections.");

    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<SiloOption> All { get; } =
    [
        Bind, Tcp, Socket, SocketMode, Users, Access, Protocol, Flush, Dumps, Watch, PrefixDelimiter, RequestsPerTurn, IdleTimeout, MaxAge, Full, Backlog, Buffers,
    ];
}
