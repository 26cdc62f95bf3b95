using System.Globalization;
using System.Net;

namespace Granary.Benchmarks.Peers;

/// <summary>memcached, as Debian's package memcached installs it.</summary>
internal sealed class MemcachedServer : IPeer
{
    private readonly string? _program = Executable.Find("memcached");

    public string Name => "memcached";

    public PeerProtocol Protocol => PeerProtocol.Memcached;

    public bool IsPresent => _program is not null;

    public async Task<RunningPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken)
    {
        IPEndPoint endPoint = Loopback.FreeEndPoint();
        List<string> arguments =
        [
            "-l", endPoint.Address.ToString(),
            "-p", endPoint.Port.ToString(CultureInfo.InvariantCulture),
            "-U", "0",
            "-u", Environment.UserName, // root must say whom to run as; others are not asked
            "-m", settings.MemoryMebibytes.ToString(CultureInfo.InvariantCulture),
        ];
        if (settings.Threads is { } threads)
        {
            arguments.AddRange(["-t", threads.ToString(CultureInfo.InvariantCulture)]);
        }

        if (settings.MaxItemBytes is { } maxItemBytes)
        {
            arguments.AddRange(["-I", maxItemBytes.ToString(CultureInfo.InvariantCulture)]);
        }

        return await PeerStart.RunAsync(this, endPoint, _program!, arguments, settings.Cpu, cancellationToken);
    }
}
