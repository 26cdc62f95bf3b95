using System.Net;

namespace Granary.Benchmarks.Peers;

/// <summary>A server that answers. Disposing it stops it, if this program started it.</summary>
internal sealed class RunningPeer(
    string name, PeerProtocol protocol, IPEndPoint endPoint, string version, ServerProcess? process) : IAsyncDisposable
{
    public string Name => name;

    public PeerProtocol Protocol => protocol;

    public IPEndPoint EndPoint => endPoint;

    /// <summary>As the server itself says.</summary>
    public string Version => version;

    /// <summary>The process whose processor time counts; <see langword="null"/> if it is unknown.</summary>
    public int? ProcessId { get; init; } = process?.Id;

    /// <summary>A silo's name in its cluster; <see langword="null"/> for other servers.</summary>
    public string? SiloName { get; init; }

    /// <summary>Where other silos of Granary join; <see langword="null"/> for other servers.</summary>
    public IPEndPoint? Silo { get; init; }

    /// <summary>Where Granary's .NET client connects; <see langword="null"/> for other servers.</summary>
    public IPEndPoint? Gateway { get; init; }

    /// <summary>Where a silo has its console; <see langword="null"/> for other servers.</summary>
    public IPEndPoint? Http { get; init; }

    /// <summary>Reads its metrics; <see langword="null"/> if nobody does.</summary>
    public Scraper? Scraper { get; init; }

    /// <summary>Tells it to stop (SIGTERM), and waits until it has done what it does before.</summary>
    /// <exception cref="PeerException">It still ran after the timeout, or it failed.</exception>
    public Task StopAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        process?.StopAsync(timeout, cancellationToken) ?? Task.CompletedTask;

    /// <summary>Ends it as a crash would (SIGKILL).</summary>
    public Task KillAsync() => process?.KillAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await (Scraper?.DisposeAsync() ?? default);
        await (process?.DisposeAsync() ?? default);
    }
}
