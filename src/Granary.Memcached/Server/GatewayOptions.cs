using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Granary.Memcached.Server;

/// <summary>The memcached port. Validated at start.</summary>
public sealed class GatewayOptions
{
    /// <summary>TCP port. Default 11211, memcached's; 0 is any free one.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 11211;

    /// <summary>Address to listen on. Default loopback.</summary>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>Event loops that serve connections. Default one a core, at most 4: memcached's <c>-t</c>.</summary>
    [Range(1, 64)]
    public int Threads { get; set; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Connections at the same time; one more is told so and closed. Default 16,384.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 16_384;

    /// <summary>
    /// Bytes that all connections together may have under way outside the cache: unfinished commands, values on their way
    /// in, answers that a client does not read. Past it a connection that needs more is refused or closed. Default 64 MiB.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBufferedBytes { get; set; } = 64L << 20;

    /// <summary>How long a stop waits for connections to finish what they have sent. Default 5 s.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(5);
}
