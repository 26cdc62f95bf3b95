using System.Globalization;
using System.Net;

namespace Granary.Benchmarks.Peers;

/// <summary>redis-server as a cache: nothing on disk, least recently used keys evicted at the memory limit.</summary>
internal sealed class RedisServer : IPeer
{
    private readonly string? _program = Executable.Find("redis-server");

    public string Name => "redis";

    public PeerProtocol Protocol => PeerProtocol.Resp;

    public bool IsPresent => _program is not null;

    public async Task<RunningPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken)
    {
        IPEndPoint endPoint = Loopback.FreeEndPoint();
        List<string> arguments =
        [
            "--bind", endPoint.Address.ToString(),
            "--port", endPoint.Port.ToString(CultureInfo.InvariantCulture),
            "--save", "",
            "--appendonly", "no",
            "--maxmemory", string.Create(CultureInfo.InvariantCulture, $"{settings.MemoryMebibytes}mb"),
            "--maxmemory-policy", "allkeys-lru",
        ];
        if (settings.Threads is { } threads)
        {
            arguments.AddRange(["--io-threads", threads.ToString(CultureInfo.InvariantCulture)]);
        }

        return await PeerStart.RunAsync(this, endPoint, _program!, arguments, settings.Cpu, cancellationToken);
    }
}
