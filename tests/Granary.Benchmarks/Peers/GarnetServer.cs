using System.Globalization;
using System.Net;

namespace Granary.Benchmarks.Peers;

/// <summary>
/// Garnet, the .NET tool <c>garnet-server</c>: in the directory GRANARY_GARNET names, where
/// <c>dotnet tool install --global</c> puts tools, or on PATH.
/// </summary>
internal sealed class GarnetServer : IPeer
{
    private readonly string? _program = Executable.Find(
        "garnet-server",
        Environment.GetEnvironmentVariable("GRANARY_GARNET"),
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet", "tools"));

    public string Name => "garnet";

    public PeerProtocol Protocol => PeerProtocol.Resp;

    public bool IsPresent => _program is not null;

    public async Task<RunningPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken)
    {
        IPEndPoint endPoint = Loopback.FreeEndPoint();
        List<string> arguments =
        [
            "--bind", endPoint.Address.ToString(),
            "--port", endPoint.Port.ToString(CultureInfo.InvariantCulture),
            "--memory", string.Create(CultureInfo.InvariantCulture, $"{settings.MemoryMebibytes}m"),
            "-q",
        ];
        if (settings.Threads is { } threads)
        {
            // Garnet has no network threads of its own: the sockets complete on the .NET thread pool.
            string count = threads.ToString(CultureInfo.InvariantCulture);
            arguments.AddRange(["--minthreads", count, "--maxthreads", count]);
            arguments.AddRange(["--miniothreads", count, "--maxiothreads", count]);
        }

        return await PeerStart.RunAsync(this, endPoint, _program!, arguments, settings.Cpu, cancellationToken);
    }
}
