using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Security;

namespace Granary.Memcached.Server;

/// <summary>The memcached port. Validated at start.</summary>
public sealed class GatewayOptions
{
    /// <summary>TCP port. Default 11211, memcached's; 0 is any free one.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 11211;

    /// <summary>Address to listen on. Default loopback.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>Further addresses to listen on, with their ports; 0 is any free one. Default none.</summary>
    public IReadOnlyList<IPEndPoint> MoreEndPoints { get; set; } = [];

    /// <summary>Whether it listens on <see cref="Address"/> and the further ones. Default yes; if not, there is <see cref="UnixSocket"/>.</summary>
    public bool ListensOnTcp { get; set; } = true;

    /// <summary>
    /// Full path of a Unix socket to listen on as well, without TLS: memcached's <c>-s</c>. One that a dead server has left
    /// is replaced; it is deleted at the stop. Default none.
    /// </summary>
    public string? UnixSocket { get; set; }

    /// <summary>Who may connect to <see cref="UnixSocket"/>: memcached's <c>-a</c>. Default its owner, 0700.</summary>
    public UnixFileMode UnixSocketMode { get; set; } = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Connections that wait in the kernel to be accepted. Default 1,024, memcached's <c>-b</c>.</summary>
    [Range(1, 65_535)]
    public int Backlog { get; set; } = 1024;

    /// <summary>The protocols that are spoken. Default any.</summary>
    public ServedProtocols Protocols { get; set; } = ServedProtocols.Any;

    /// <summary>Whether <c>flush_all</c> is done; else it is refused, as with memcached's <c>-F</c>. Default yes.</summary>
    public bool AllowsFlush { get; set; } = true;

    /// <summary>Whether clients may list keys: <c>lru_crawler metadump</c>, <c>stats cachedump</c>. Default yes.</summary>
    public bool AllowsDumps { get; set; } = true;

    /// <summary>Whether clients may <c>watch</c>; else it is refused, as with memcached's <c>-W</c>. Default yes.</summary>
    public bool AllowsWatches { get; set; } = true;

    /// <summary>
    /// Ends the prefix of a key by which commands are counted from the start on: memcached's <c>-D</c>. An ASCII character.
    /// Default none: a colon, when a client asks for it by <c>stats detail on</c>.
    /// </summary>
    [Range('!', '~')]
    public char? PrefixDelimiter { get; set; }

    /// <summary>
    /// Requests of one connection after which others get their turn: memcached's <c>-R</c>. Answers are sent as often, so a
    /// small number makes pipelining dear. Default 0: as many as are answered by 64 KiB.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MaxRequestsPerTurn { get; set; }

    /// <summary>
    /// How long a connection may say nothing while it is its turn; then it is closed, at most a quarter later: memcached's
    /// <c>-o idle_timeout</c>. Default zero: for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan IdleTime { get; set; }

    /// <summary>
    /// How long a connection lives, so that clients spread over silos that have come later. Each ends after four to five
    /// fifths of it: with an answer, behind which nothing more is answered, or if it asks nothing for 5 s then, while it is idle.
    /// Default zero: for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan MaxConnectionAge { get; set; }

    /// <summary>Event loops that serve connections. Default one a core, at most 4: memcached's <c>-t</c>.</summary>
    [Range(1, 64)]
    public int Threads { get; set; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Connections at the same time. Default 16,384.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 16_384;

    /// <summary>
    /// Whether one connection too many waits in the kernel until another one has ended: memcached's <c>-o no_maxconns_fast</c>.
    /// Default no: it is told so and closed.
    /// </summary>
    public bool WaitsAtMaxConnections { get; set; }

    /// <summary>
    /// Bytes that all connections together may have under way outside the cache: unfinished commands, values on their way
    /// in, answers that a client does not read. Past it a connection that needs more is refused or closed. Default 64 MiB.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBufferedBytes { get; set; } = 64L << 20;

    /// <summary>
    /// Who may connect: full path of a file of <c>user:password</c> lines, as memcached's <c>-Y</c>; binary clients show them by
    /// SASL PLAIN. At most 64 users,
    /// 255 bytes a line and 16 KiB in all; no spaces or control characters; a user may have several lines. Read again
    /// within 10 s of a change; one that cannot be read leaves the users as they are. Default none: everybody.
    /// </summary>
    public string? UserFile { get; set; }

    /// <summary>
    /// Users of <see cref="UserFile"/> who are confined to namespaces of the cache, and what they may do there: everything else
    /// is refused to them. Who is not named here may do everything. Counts for connections from the start on. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<NamespaceGrant>> Access { get; set; } =
        new Dictionary<string, IReadOnlyList<NamespaceGrant>>(StringComparer.Ordinal);

    /// <summary>How long a connection may take to authenticate, where it has to. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan AuthenticationTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The server's side of TLS: asked for each connection, so that a new certificate counts from the next one on. By any
    /// thread, several at once. Must not throw: the connection would be closed and an error logged. Default none: no TLS.
    /// </summary>
    public Func<SslServerAuthenticationOptions>? Tls { get; set; }

    /// <summary>How long a TLS handshake may take. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan HandshakeTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// TLS handshakes under way at the same time; the connection of one more is closed. They count as connections, too.
    /// Default 256.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxHandshakes { get; set; } = 256;

    /// <summary>How long a stop waits for connections to finish what they have sent. Default 5 s.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);
}
